using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C128", ClrNamespace = "Tirages.C128.Base")]
namespace Tirages.C128 {
  public enum E0 { Item = 0, اسم = 1 }
  public class T0 { public DateTimeOffset a1 { get; set; } public sbyte nil { get; set; }  }
  public class Ksx128 { public Tirages.C128.T0 P1 { get; set; } public Tirages.C128.Base.T1 P2 { get; set; } public Tirages.C128.Autres.T2 P3 { get; set; } public Tirages.C128.Autres.T3 P4 { get; set; } public List<Tirages.C128.Autres.T2> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C128.Base {
  [DataContract(Namespace = "urn:Tirages.C128:é")] public class T1 { [DataMember] public double value { get; set; }  }
}
namespace Tirages.C128.Autres {
  [DataContract] public class T2 : global::Tirages.C128.Base.T1 { [DataMember(Name = "né-e")] public bool nom { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C128.Autres.T2 UNSET { get; set; } [DataMember(Order = 10, EmitDefaultValue = false)] public Tirages.C128.E0 @struct; [DataMember] public sbyte Élément; [DataMember(EmitDefaultValue = false)] public IEnumerable<Tirages.C128.Autres.T3> ét { get; set; } [DataMember(Order = 10, IsRequired = true)] public Tirages.C128.Autres.T3 yield { get; set; } [DataMember] public Tirages.C128.E0 cls { get; set; }  }
  [DataContract(Namespace = "urn:Tirages.C128:b")] public class T3 : Tirages.C128.Base.T1 { [DataMember(Order = 0)] public uint Rue { get; set; } [DataMember] public int json { get; set; } [DataMember(Order = 2, EmitDefaultValue = false)] public TimeSpan Default { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C128.Ksx128) }; }
