using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C112", ClrNamespace = "Tirages.C112.Autres")]
namespace Tirages.C112 {
  public struct T0 {   }
  [DataContract] public class T1 {   }
  public class T4 { public Tirages.C112.Autres.T3 Größe { get; set; } public IEnumerable<Tirages.C112.Autres.T3> xmlns { get; set; } public Dictionary<byte, decimal>[] Default { get; set; } public long?[] Id { get; set; }  }
  [DataContract] public class T5 { [DataMember(Order = 0)] public Tirages.C112.Autres.T3 nom { get; set; } [DataMember(Order = 2)] public Tirages.C112.Autres.T2 @event { get; set; } [DataMember(Order = 2)] public IEnumerable<Tirages.C112.T5> Date { get; set; }  }
  public class Ksx112 { public Tirages.C112.Autres.Boite<decimal> P1 { get; set; } public Tirages.C112.T0 P2 { get; set; } public Tirages.C112.T1 P3 { get; set; } public Tirages.C112.Autres.T2 P4 { get; set; } public Tirages.C112.Autres.T3 P5 { get; set; } public Tirages.C112.T4 P6 { get; set; } public Tirages.C112.T5 P7 { get; set; } public List<Tirages.C112.Autres.T3> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C112.Base {
  public enum E0 : ulong { été = 0, items = 1 }
}
namespace Tirages.C112.Autres {
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  [DataContract(Name = "N.2")] public class T2 { [DataMember] public short? UNSET { get; set; }  }
  [DataContract] public class T3 : Tirages.C112.Autres.T2 { [DataMember(Order = 2, Name = "x-")] public decimal Items { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C112.Ksx112) }; }
