using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C189", ClrNamespace = "Tirages.C189.Base")]
namespace Tirages.C189 {
  public class T2 { public DateTimeOffset A1 { get; set; } public List<string> value { get; set; } public TimeSpan Item { get; set; } public short اسم { get; set; } public Tirages.C189.Autres.T1 a1 { get; set; } public Tirages.C189.Autres.T0[] lambda { get; set; }  }
  public class T3 { public Guid a1; public bool été { get; set; }  }
  public class Ksx189 { public Tirages.C189.Autres.T0 P0 { get; set; } public Tirages.C189.Autres.T1 P1 { get; set; } public Tirages.C189.T2 P2 { get; set; } public Tirages.C189.T3 P3 { get; set; } public Tirages.C189.Autres.Collection P4 { get; set; } public List<Tirages.C189.T3> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C189.Autres {
  [DataContract(Namespace = "http://exemple.fr/Tirages.C189/")] public class T0 { [DataMember(Name = "upper")] public decimal def { get; set; }  }
  [DataContract] public class T1 { [DataMember(Order = 0, Name = "x-", EmitDefaultValue = false)] public Tirages.C189.T3 A1; [DataMember(Order = 10)] public Uri At { get; set; }  }
  [CollectionDataContract(ItemName = "x", Namespace = "tag:x,2020:Tirages.C189")] public class Collection : List<string> { }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C189.Ksx189) }; }
