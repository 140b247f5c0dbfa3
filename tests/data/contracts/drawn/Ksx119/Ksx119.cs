using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C119 {
  [DataContract] public class T0 { [DataMember(Order = 3, Name = "名.前")] public Tirages.C119.T0 type { get; set; } [DataMember(EmitDefaultValue = false)] public List<Tirages.C119.T1?> Ωmega { get; set; } [DataMember(Name = "a-b")] public long key { get; set; } [DataMember(Order = 1, IsRequired = true)] public int Ligne { get; set; }  }
  [DataContract] public struct T1 { [DataMember] public List<Dictionary<DateTime, byte[]>> type { get; set; } [DataMember(Order = 10)] public Uri Total; [DataMember] public sbyte Prix; [DataMember(Order = 0)] public Dictionary<sbyte, Tirages.C119.Base.E0> Date { get; set; } [DataMember(Order = 2, Name = "upper", EmitDefaultValue = false)] public bool? ID { get; set; } [DataMember] public Tirages.C119.T0 Nom { get; set; }  }
  public class Ksx119 { public Tirages.C119.Base.Boite<string> P1 { get; set; } public Tirages.C119.T0 P2 { get; set; } public Tirages.C119.T1 P3 { get; set; } public List<Tirages.C119.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C119.Base {
  [Flags] public enum E0 : long { X = 0, _0 = 1, xmlns = 2, Prix = 4, i = 8, Id = 16 }
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C119.Ksx119) }; }
