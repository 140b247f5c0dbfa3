using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("http://exemple.fr/Tirages.C181?a=1&b=2", ClrNamespace = "Tirages.C181")]
[assembly: ContractNamespace("urn:Tirages.C181:é", ClrNamespace = "Tirages.C181.Base")]
namespace Tirages.C181 {
  [DataContract] public enum E0 { [EnumMember] yield = -2147483648, [EnumMember] A1 = -1073741824, [EnumMember] Ωmega = 2, [EnumMember(Value = "é3")] __slots__ = 21 }
  [DataContract(Namespace = "urn:Tirages.C181")] public class T0 { [DataMember(Name = "UPPER")] public sbyte[] xmlns { get; set; } [DataMember(Order = 1, Name = "名.前")] public Tirages.C181.E0 Prix { get; set; } [DataMember(Order = 1, IsRequired = true)] public Tirages.C181.E0 True { get; set; } [DataMember] public DateTimeOffset value { get; set; } [DataMember(EmitDefaultValue = false)] public DateTimeOffset type { get; set; }  }
  public class Ksx181 { public Tirages.C181.T0 P1 { get; set; } public List<Tirages.C181.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C181.Ksx181) }; }
