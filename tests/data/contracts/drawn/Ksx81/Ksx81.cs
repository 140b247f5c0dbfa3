using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C81:é", ClrNamespace = "Tirages.C81.Base")]
namespace Tirages.C81 {
  public enum E0 { Value = -2147483648 }
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  [DataContract(Namespace = "urn:Tirages.C81")] public class T0 { [DataMember(EmitDefaultValue = false)] public IEnumerable<double> nom { get; set; } [DataMember(Order = 1)] public double Été { get; set; } [DataMember(Order = 1, Name = "a_b")] public IEnumerable<byte> Œuvre { get; set; } public class T1 { public long @class { get; set; } public ushort Code { get; set; } public Guid Œuvre;  } }
  public class Ksx81 { public Tirages.C81.Boite<string> P1 { get; set; } public Tirages.C81.T0 P2 { get; set; } public Tirages.C81.T0.T1 P3 { get; set; } public List<Tirages.C81.T0.T1> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C81.Ksx81) }; }
