using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C137 {
  [DataContract(Name = "Boite_{0}_{#}")] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  [DataContract] public class T0 { [DataMember(EmitDefaultValue = false)] public bool[][] self { get; set; } [DataMember] public uint @string { get; set; } [DataMember(IsRequired = true)] public ushort? UNSET { get; set; }  }
  public class Ksx137 { public Tirages.C137.Boite<float> P0 { get; set; } public Tirages.C137.T0 P1 { get; set; } public List<Tirages.C137.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C137.Ksx137) }; }
