using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C105 {
  [DataContract(Name = "Boite_{0}_{#}")] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  public class Ksx105 { public Tirages.C105.Boite<byte[]> P1 { get; set; } public Tirages.C105.Base.T0 P2 { get; set; } public Tirages.C105.Autres.T1 P3 { get; set; } public Tirages.C105.Autres.T2 P4 { get; set; } public List<Tirages.C105.Base.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C105.Base {
  public enum E0 { json = 2147483647, z = 7, a1 = -2147483648 }
  public class T0 { public string Total { get; set; }  }
}
namespace Tirages.C105.Autres {
  public class T1 { public string msgspec { get; set; } public ulong Code { get; set; } public uint Date { get; set; } public Tirages.C105.Base.E0? Œuvre { get; set; }  }
  public struct T2 { public IDictionary<DateTime, bool> Text { get; set; } public List<Tirages.C105.Base.E0> json { get; set; } public Guid UNSET { get; set; } public DateTimeOffset _0 { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C105.Ksx105) }; }
