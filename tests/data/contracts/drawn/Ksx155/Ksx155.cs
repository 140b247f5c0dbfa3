using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C155 {
  public class T0 {   }
  [DataContract] public struct T1 { [DataMember(IsRequired = true)] public Dictionary<double, IDictionary<DateTime, double>> Value { get; set; } [DataMember(Name = "a.b", EmitDefaultValue = false)] public decimal[] x { get; set; } [DataMember(Name = "UPPER", IsRequired = true)] public DateTime json { get; set; } [DataMember(Order = 0)] public DateTime اسم { get; set; } [DataMember(IsRequired = true)] public IDictionary<TimeSpan, bool> id { get; set; } [DataMember(Order = 3, Name = "a-b")] public double Item { get; set; }  }
  public class Ksx155 { public Tirages.C155.T0 P0 { get; set; } public Tirages.C155.T1 P1 { get; set; } public List<Tirages.C155.T1> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C155.Ksx155) }; }
