using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C186 {
  public enum E0 { _prive = -2147483648, @struct = 7 }
  public enum E1 : short { __init__ = 0, ñandú = 1 }
  [DataContract] public class T0 { [DataMember(Order = 10)] public string Items { get; set; } [DataContract] public struct T1 { [DataMember] public DateTimeOffset UNSET { get; set; } [DataMember(Order = 0, Name = "a.b.c")] public IList<int> Default { get; set; } [DataMember(Order = 3, Name = "名.前")] public bool a1 { get; set; }  } }
  [KnownType(typeof(Tirages.C186.T4))] [DataContract(Namespace = "urn:Tirages.C186:b")] public class T2 { [DataMember(Order = 1, IsRequired = true)] public Tirages.C186.E0 xsi; [DataMember(Name = "d2p1")] public Dictionary<sbyte, ushort> اسم { get; set; } [DataMember(Name = "é", EmitDefaultValue = false)] public int self { get; set; } [DataMember(EmitDefaultValue = false)] public DateTime nil { get; set; } [DataMember(Name = "é")] public bool Y { get; set; } [DataMember] public double i { get; set; } [DataMember(IsRequired = true)] public float xmlns { get; set; } [DataMember(Name = "x-", EmitDefaultValue = false)] public IList<Tirages.C186.T3> UNSET { get; set; }  }
  public class T3 {   }
  [DataContract] public class T4 : Tirages.C186.T2 {   }
  public class Ksx186 { public Tirages.C186.T0 P2 { get; set; } public Tirages.C186.T0.T1 P3 { get; set; } public Tirages.C186.T2 P4 { get; set; } public Tirages.C186.T3 P5 { get; set; } public Tirages.C186.T4 P6 { get; set; } public List<Tirages.C186.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C186.Ksx186) }; }
