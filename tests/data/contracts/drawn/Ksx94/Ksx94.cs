using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C94:b", ClrNamespace = "Tirages.C94")]
[assembly: ContractNamespace("http://exemple.fr/Tirages.C94/", ClrNamespace = "Tirages.C94.Autres")]
namespace Tirages.C94 {
  [DataContract] public enum E0 : ulong { [EnumMember(Value = "é0")] msgspec = 0, [EnumMember] Miss = 1, [EnumMember(Value = "a.b2")] Value = 2 }
  public class T3 { public short i { get; set; } public byte? json { get; set; } public sbyte fin { get; set; } public char Ville;  }
  public class Ksx94 { public Tirages.C94.Base.T0 P2 { get; set; } public Tirages.C94.Base.T1 P3 { get; set; } public Tirages.C94.Base.T0.T2 P4 { get; set; } public Tirages.C94.T3 P5 { get; set; } public Tirages.C94.Autres.T4 P6 { get; set; } public List<Tirages.C94.Autres.T4> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C94.Base {
  [Flags] public enum E1 { keys = 0, ή = 1, True = 2, __init__ = 4, x2 = 8 }
  public class T0 { public float? __slots__ { get; set; } public uint __class__ { get; set; } [DataContract(Name = "N.2")] public class T2 { [DataMember(Order = 1, Name = "upper")] public sbyte? ét { get; set; } [DataMember(Name = "x·y", IsRequired = true)] public IEnumerable<Tirages.C94.T3> __ { get; set; } [DataMember] public string Text { get; set; } [DataMember(Order = 2, Name = "é")] public Tirages.C94.Base.E1 名前 { get; set; } [DataMember(Order = 1, EmitDefaultValue = false)] public sbyte Ωmega { get; set; } [DataMember(EmitDefaultValue = false)] public Dictionary<ushort, byte> Count { get; set; } [DataMember] public List<int> json { get; set; } [DataMember] public IDictionary<long, decimal> msgspec { get; set; }  } }
  [DataContract] public struct T1 {   }
}
namespace Tirages.C94.Autres {
  public class T4 : Tirages.C94.T3 { public Tirages.C94.Base.T0 Count { get; set; } public ushort? x2 { get; set; } public string[] msgspec { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C94.Ksx94) }; }
