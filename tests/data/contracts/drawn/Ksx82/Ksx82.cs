using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C82 {
  public class T2 { public string Count { get; set; } public Tirages.C82.Base.T0 yield { get; set; } public decimal X { get; set; } public DateTimeOffset Ωmega; public IEnumerable<int> At { get; set; } public float fin { get; set; }  }
  [CollectionDataContract(ItemName = "x", Namespace = "tag:x,2020:Tirages.C82")] public class Collection : List<string> { }
  public class Ksx82 { public Tirages.C82.Base.Boite<int> P0 { get; set; } public Tirages.C82.Base.T0 P1 { get; set; } public Tirages.C82.Base.T0.T1 P2 { get; set; } public Tirages.C82.T2 P3 { get; set; } public Tirages.C82.Base.T3 P4 { get; set; } public Tirages.C82.Collection P5 { get; set; } public List<Tirages.C82.T2> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C82.Base {
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C82?a=1&b=2")] public class T0 { [DataMember(EmitDefaultValue = false)] public char A1 { get; set; } [DataMember] public short __slots__ { get; set; } [DataMember(Order = 10)] public Tirages.C82.Base.T0 Y { get; set; } [DataContract] public struct T1 { [DataMember(Order = 2, Name = "x·y", IsRequired = true)] public Tirages.C82.Base.T3 xmlns { get; set; } [DataMember(IsRequired = true)] public Guid? Value { get; set; } [DataMember] public List<DateTimeOffset?> A1 { get; set; } [DataMember(Order = 2, Name = "né-e", EmitDefaultValue = false)] public Tirages.C82.Base.Boite<int> __ { get; set; } [DataMember(Order = 0, EmitDefaultValue = false)] public long i { get; set; }  } }
  [DataContract(Name = "N.3")] public class T3 { [DataMember(Order = 10, Name = "a.b")] public Tirages.C82.Base.Boite<bool> @namespace { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C82.Ksx82) }; }
