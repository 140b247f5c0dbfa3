using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("tag:x,2020:Tirages.C151", ClrNamespace = "Tirages.C151")]
namespace Tirages.C151 {
  [DataContract] public class T0 { [DataMember(Name = "x-")] public Dictionary<long, Tirages.C151.Base.T1> Value { get; set; } [DataMember(Order = 1)] public Dictionary<double, byte[]> i { get; set; } [DataMember] public decimal @class { get; set; } [DataMember] public Tirages.C151.T0 Y { get; set; }  }
  public class Ksx151 { public Tirages.C151.T0 P0 { get; set; } public Tirages.C151.Base.T1 P1 { get; set; } public List<Tirages.C151.Base.T1> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C151.Base {
  [DataContract(Name = "N-1")] public struct T1 { [DataMember] public ushort NOM { get; set; } [DataMember] public byte[] x { get; set; } [DataMember] public IList<Dictionary<char, Dictionary<double, DateTime>>> cls { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C151.Ksx151) }; }
