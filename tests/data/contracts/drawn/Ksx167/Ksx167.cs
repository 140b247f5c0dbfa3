using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("http://exemple.fr/Tirages.C167?a=1&b=2", ClrNamespace = "Tirages.C167")]
namespace Tirages.C167 {
  public enum E0 : long { ñandú = 9223372036854775807, a1 = 1, @struct = -9223372036854775808, Élément = -4611686018427387904 }
  public class Ksx167 { public Tirages.C167.Base.T0 P1 { get; set; } public Tirages.C167.Base.T0.T1 P2 { get; set; } public List<Tirages.C167.Base.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C167.Base {
  [DataContract] public class T0 { [DataMember] public string type { get; set; } [DataMember] public Dictionary<long, DateTimeOffset?> Code { get; set; } [DataMember] public int @struct; [DataMember(Name = "x-", IsRequired = true)] public Tirages.C167.Base.T0.T1? import { get; set; } [DataMember] public uint @event { get; set; } [DataMember(Name = "é", IsRequired = true)] public IEnumerable<Tirages.C167.Base.T0.T1> value { get; set; } [DataMember(Name = "né-e", EmitDefaultValue = false)] public Tirages.C167.Base.T0.T1? Œuvre { get; set; } public struct T1 { public int __ { get; set; } public double lambda { get; set; } public sbyte? id { get; set; } public Tirages.C167.E0 fin { get; set; } public int Été { get; set; }  } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C167.Ksx167) }; }
