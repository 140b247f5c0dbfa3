using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C136 {
  [DataContract] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  [DataContract] public class T0 { [DataMember] public Tirages.C136.Boite<DateTimeOffset?> key { get; set; } [DataMember(IsRequired = true)] public byte[] value { get; set; } [DataMember] public bool?[] msgspec { get; set; } [DataMember(Name = "né-e")] public int yield; [DataMember(Order = 10)] public List<short> xmlns { get; set; } [DataMember(Order = 10)] public Dictionary<DateTime, int?> Item { get; set; } [DataMember(EmitDefaultValue = false)] public char Items { get; set; } [DataMember] public decimal keys { get; set; }  }
  public class Ksx136 { public Tirages.C136.Boite<long> P0 { get; set; } public Tirages.C136.T0 P1 { get; set; } public List<Tirages.C136.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C136.Ksx136) }; }
