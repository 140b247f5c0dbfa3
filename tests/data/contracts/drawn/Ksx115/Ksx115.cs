using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C115", ClrNamespace = "Tirages.C115.Base")]
namespace Tirages.C115 {
  public class Ksx115 { public Tirages.C115.Base.T0 P1 { get; set; } public Tirages.C115.Base.Collection P2 { get; set; } public List<Tirages.C115.Base.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C115.Base {
  [DataContract(Namespace = "urn:Tirages.C115:b")] public struct T0 {   }
  [CollectionDataContract(Name = "Suite")] public class Collection : List<string> { }
}
namespace Tirages.C115.Autres {
  [DataContract] [Flags] public enum E0 : long { [EnumMember] ή = 1, [EnumMember] get = 2, [EnumMember] msgspec = 4 }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C115.Ksx115) }; }
