using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C92 {
  public class Ksx92 { public Tirages.C92.Autres.T0 P1 { get; set; } public Tirages.C92.Autres.T1 P2 { get; set; } public Tirages.C92.Base.T2 P3 { get; set; } public List<Tirages.C92.Autres.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C92.Base {
  public enum E0 : byte { v0 = 0 }
  [DataContract(Name = "É2")] public struct T2 { [DataMember(Order = 0)] public Dictionary<long, Uri> def { get; set; } [DataMember(Order = 1)] public IEnumerable<byte?> yield { get; set; } [DataMember(Name = "x.")] public Dictionary<Tirages.C92.Base.E0, Tirages.C92.Autres.T0> @string { get; set; } [DataMember(Order = 1, Name = "x-")] public TimeSpan? ή { get; set; } [DataMember(EmitDefaultValue = false)] public string json { get; set; }  }
}
namespace Tirages.C92.Autres {
  [DataContract] public class T0 { [DataMember(EmitDefaultValue = false)] public Tirages.C92.Autres.T1? value { get; set; } [DataMember] public char? Y { get; set; }  }
  [DataContract(Namespace = "urn:Tirages.C92:b")] public struct T1 { [DataMember] public Tirages.C92.Base.E0 Ligne { get; set; } [DataMember(Name = "名.前")] public Tirages.C92.Base.E0? Ωmega { get; set; } [DataMember(Order = 1, Name = "é", EmitDefaultValue = false)] public Tirages.C92.Base.E0 اسم { get; set; } [DataMember(Order = 1, Name = "a.b")] public string имя { get; set; } [DataMember(IsRequired = true)] public Tirages.C92.Base.E0? _0 { get; set; } [DataMember(Name = "a_b")] public IList<Tirages.C92.Base.E0> def { get; set; } [DataMember(Name = "x-")] public Tirages.C92.Autres.T0 Id { get; set; } [DataMember] public Tirages.C92.Base.E0? Text { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C92.Ksx92) }; }
