using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C129 {
  public enum E0 : uint { ß = 0 }
  public enum E1 { key = 0, keys = 1, été = 2 }
  [DataContract(Namespace = "urn:Tirages.C129:é")] public struct T0 { [DataMember(EmitDefaultValue = false)] public Tirages.C129.E1 x; [DataMember] public Tirages.C129.E0? import { get; set; } [DataMember(Order = 10)] public bool? Item { get; set; } [DataMember] public List<Guid?> Code { get; set; } [DataMember(Order = 3, Name = "UPPER", IsRequired = true)] public char? Miss { get; set; } [DataMember] public Tirages.C129.E1 __ { get; set; } [DataMember] public bool __class__ { get; set; } [DataMember(Name = "x-")] public ulong x2 { get; set; }  }
  [DataContract] public struct T1 { [DataMember] public Tirages.C129.T0?[] Été { get; set; }  }
  public class Ksx129 { public Tirages.C129.T0 P2 { get; set; } public Tirages.C129.T1 P3 { get; set; } public List<Tirages.C129.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C129.Ksx129) }; }
