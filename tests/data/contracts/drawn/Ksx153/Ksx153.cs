using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C153 {
  public enum E0 { UNSET = -2147483648, Été = -1073741824, cls = 2147483647 }
  public class T1 { public Tirages.C153.T3 ή; public long Text { get; set; } public char? _ { get; set; }  }
  public class T3 { public byte def { get; set; } public ushort True { get; set; } public List<byte[]> Key; public IList<double> lambda { get; set; } public double nil { get; set; }  }
  public class Ksx153 { public Tirages.C153.Base.T0 P1 { get; set; } public Tirages.C153.T1 P2 { get; set; } public Tirages.C153.Base.T0.T2 P3 { get; set; } public Tirages.C153.T3 P4 { get; set; } public List<Tirages.C153.Base.T0.T2> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C153.Base {
  public class T0 { public sbyte Nom; public char _0 { get; set; } public Dictionary<short, long> @string { get; set; } [DataContract] public class T2 { [DataMember(Order = 1, IsRequired = true)] public Tirages.C153.Base.T0 @struct { get; set; } [DataMember(Order = 3, EmitDefaultValue = false)] public List<Guid> self { get; set; } [DataMember(Order = 1, Name = "né-e")] public Uri Key { get; set; } [DataMember] public IDictionary<decimal, string> Ligne { get; set; }  } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C153.Ksx153) }; }
