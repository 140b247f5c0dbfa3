using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C79 {
  public class Ksx79 { public Tirages.C79.Autres.T0 P2 { get; set; } public Tirages.C79.Autres.T1 P3 { get; set; } public Tirages.C79.Autres.T1.T2 P4 { get; set; } public List<Tirages.C79.Autres.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C79.Base {
  public enum E1 : uint { Items = 0, nil = 4294967295 }
}
namespace Tirages.C79.Autres {
  [DataContract] [Flags] public enum E0 : uint { [EnumMember(Value = "é0")] def = 0, [EnumMember] Count = 1 }
  [DataContract] public class T0 { [DataMember(EmitDefaultValue = false)] public TimeSpan Größe { get; set; } [DataMember] public Tirages.C79.Autres.T0 ID { get; set; } [DataMember] public Uri nil { get; set; } [DataMember(Order = 0)] public Dictionary<Tirages.C79.Base.E1, long> Y { get; set; } [DataMember(EmitDefaultValue = false)] public float X;  }
  [DataContract(Namespace = "urn:Tirages.C79:é")] public class T1 { [DataMember] public ushort? Total { get; set; } [DataMember(Order = 1, Name = "UPPER", EmitDefaultValue = false)] public bool _prive { get; set; } [DataMember(Order = 3, Name = "x.")] public IDictionary<Guid, Tirages.C79.Autres.E0?> UNSET { get; set; } [DataMember(IsRequired = true)] public Guid? NOM { get; set; } [DataMember(IsRequired = true)] public sbyte اسم { get; set; } [DataMember] public IDictionary<TimeSpan, Dictionary<string, Tirages.C79.Autres.T1.T2>> Œuvre { get; set; } [DataContract] public class T2 { [DataMember(EmitDefaultValue = false)] public string self; [DataMember] public bool _prive; [DataMember(Name = "a_b")] public Tirages.C79.Autres.T1 Type { get; set; } [DataMember] public decimal keys { get; set; } [DataMember] public short Œuvre { get; set; }  } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C79.Ksx79) }; }
