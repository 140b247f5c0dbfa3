using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C0 {
  public enum E0 { Key = 0, Code = 1, Items = 2, NOM = 3, xml = 4 }
  public enum E1 { ή = 0, fin = 1, ét = 2 }
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C0/")] public class T0 { [DataMember(Name = "a.b", IsRequired = true)] public Guid Ville { get; set; } [DataMember(Order = 2, Name = "x-", IsRequired = true)] public TimeSpan? _ { get; set; } [DataMember(Order = 3)] public List<Dictionary<TimeSpan, Dictionary<TimeSpan, short>>> имя { get; set; } [DataMember(IsRequired = true)] public sbyte @class { get; set; } [DataMember] public long? A1 { get; set; } [DataMember] public Tirages.C0.T1 x { get; set; }  }
  public class T1 { public TimeSpan? @event { get; set; } public Tirages.C0.T1 имя;  }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C0?a=1&b=2")] public class T2 { [DataMember(Name = "a_b")] public int? x { get; set; } [DataMember(Order = 2, EmitDefaultValue = false)] public int Miss { get; set; } [DataMember] public short A1 { get; set; } [DataMember(Name = "a.b")] public sbyte Text { get; set; } [DataMember(Order = 10)] public Dictionary<bool, TimeSpan?> value { get; set; } [DataMember] public Dictionary<string, int?> __slots__ { get; set; }  }
  [DataContract] public class T3 : global::Tirages.C0.T0 { [DataMember] public uint Code { get; set; }  }
  public class Ksx0 { public Tirages.C0.Boite<TimeSpan> P2 { get; set; } public Tirages.C0.T0 P3 { get; set; } public Tirages.C0.T1 P4 { get; set; } public Tirages.C0.T2 P5 { get; set; } public Tirages.C0.T3 P6 { get; set; } public List<Tirages.C0.T1> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C0.Ksx0) }; }
