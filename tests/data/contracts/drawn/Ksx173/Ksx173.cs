using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C173:é", ClrNamespace = "Tirages.C173")]
namespace Tirages.C173 {
  public enum E1 : long { ή = 0, @event = 9223372036854775807, __class__ = 2 }
  [DataContract] public struct T0 { [DataMember(Order = 10, Name = "é")] public double __init__;  }
  public class T1 { public byte? _0; public string fin { get; set; } public Tirages.C173.Base.E0? Key { get; set; } public Tirages.C173.E1 yield { get; set; } public ushort Value { get; set; } public List<IList<decimal>> __ { get; set; }  }
  public class Ksx173 { public Tirages.C173.T0 P2 { get; set; } public Tirages.C173.T1 P3 { get; set; } public List<Tirages.C173.T1> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C173.Base {
  [Flags] public enum E0 { ID = 0, Default = 1, nom = 2, i = 4, True = 8, ή = 16 }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C173.Ksx173) }; }
