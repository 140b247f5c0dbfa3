using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C99 {
  public class Ksx99 { public Tirages.C99.Autres.Boite<Uri> P1 { get; set; } public Tirages.C99.Base.T0 P2 { get; set; } public Tirages.C99.Autres.T1 P3 { get; set; } public Tirages.C99.Autres.T2 P4 { get; set; } public List<Tirages.C99.Autres.T1> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C99.Base {
  [Flags] public enum E0 : short { Items = 0, nom = 1, Œuvre = 2 }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C99/")] public class T0 {   }
}
namespace Tirages.C99.Autres {
  [DataContract(Name = "Boite_{0}_{#}")] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  [DataContract(Namespace = "tag:x,2020:Tirages.C99")] public class T1 : Tirages.C99.Base.T0 { [DataMember(Order = 1)] public IDictionary<ushort, char> type { get; set; } [DataMember(Order = 1, Name = "upper", EmitDefaultValue = false)] public byte[] Nom { get; set; } [DataMember(Order = 2, Name = "é")] public uint اسم { get; set; } [DataMember(Order = 10, Name = "a.b")] public byte[] Item { get; set; } [DataMember(Order = 1)] public char None { get; set; } [DataMember(Name = "d2p1")] public sbyte? __init__ { get; set; }  }
  [DataContract] public class T2 : T1 { [DataMember] public string _ { get; set; } [DataMember(Name = "né-e")] public decimal? ñandú; [DataMember(Name = "a.b.c")] public IEnumerable<Tirages.C99.Base.T0> ét { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C99.Ksx99) }; }
