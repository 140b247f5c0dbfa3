using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C17 {
  [Flags] public enum E0 { items = 1, Total = 2, Default = 4 }
  public enum E1 : sbyte { @namespace = 0, Ville = 1, @class = 2, fin = -64, Item = 4 }
  [DataContract(Name = "Boite_{0}_{#}")] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  public struct T0 { public IEnumerable<Guid> _prive { get; set; } public sbyte ß { get; set; } public Uri xsi { get; set; }  }
  public class T1 { public uint Key; public string _; public string nil { get; set; } public IDictionary<double, decimal> été { get; set; }  }
  public class T2 { public bool json { get; set; } public Tirages.C17.Boite<TimeSpan> __init__; public Tirages.C17.T2 Ville { get; set; }  }
  [DataContract(Namespace = "urn:Tirages.C17:b")] public class T3 {  [DataContract] public struct T4 {   } }
  public class Ksx17 { public Tirages.C17.Boite<string> P2 { get; set; } public Tirages.C17.T0 P3 { get; set; } public Tirages.C17.T1 P4 { get; set; } public Tirages.C17.T2 P5 { get; set; } public Tirages.C17.T3 P6 { get; set; } public Tirages.C17.T3.T4 P7 { get; set; } public List<Tirages.C17.T2> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C17.Ksx17) }; }
