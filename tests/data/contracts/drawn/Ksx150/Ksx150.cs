using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C150 {
  public enum E0 : uint { Rue = 0 }
  [DataContract] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C150?a=1&b=2")] public class T0 { [DataMember] public Tirages.C150.Boite<char?> NOM { get; set; } [DataMember] public Tirages.C150.Base.T3 xml { get; set; } [DataMember(IsRequired = true)] public Tirages.C150.Base.E1 名前 { get; set; } [DataMember(Order = 1, Name = "x·y")] public Tirages.C150.T4[] A1;  }
  [DataContract(Name = "É1")] public class T1 : T0 {   }
  public class T4 { public Tirages.C150.Boite<short?> msgspec { get; set; }  }
  public class Ksx150 { public Tirages.C150.Boite<byte[]> P2 { get; set; } public Tirages.C150.T0 P3 { get; set; } public Tirages.C150.T1 P4 { get; set; } public Tirages.C150.Base.T2 P5 { get; set; } public Tirages.C150.Base.T3 P6 { get; set; } public Tirages.C150.T4 P7 { get; set; } public List<Tirages.C150.T1> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C150.Base {
  [DataContract] public enum E1 { [EnumMember] i = 0, [EnumMember] Total = 1, [EnumMember(Value = "é2")] xml = 2 }
  public struct T2 { public string fin; public string NOM { get; set; }  }
  public class T3 { public bool lambda { get; set; } public IDictionary<Guid, byte> yield { get; set; } public Guid? x2 { get; set; } public int Größe { get; set; } public IEnumerable<Tirages.C150.Base.T2> __ { get; set; } public uint keys { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C150.Ksx150) }; }
