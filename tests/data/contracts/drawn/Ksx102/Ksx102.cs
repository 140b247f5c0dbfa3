using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("http://exemple.fr/Tirages.C102?a=1&b=2", ClrNamespace = "Tirages.C102")]
namespace Tirages.C102 {
  [Flags] public enum E0 { type = 0, At = 1, ñandú = 2, Items = 4, def = 8 }
  public enum E1 : byte { ñandú = 0, msgspec = 255 }
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  [DataContract] public class T0 { [DataMember(Name = "x·y")] public int 名前 { get; set; } [DataMember(Order = 1)] public List<Dictionary<char, Tirages.C102.T0>> ß { get; set; } [DataMember(EmitDefaultValue = false)] public IList<DateTime?> True { get; set; } [DataMember(EmitDefaultValue = false)] public sbyte fin;  }
  public class Ksx102 { public Tirages.C102.Boite<TimeSpan> P2 { get; set; } public Tirages.C102.T0 P3 { get; set; } public List<Tirages.C102.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C102.Ksx102) }; }
