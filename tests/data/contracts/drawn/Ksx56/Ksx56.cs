using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C56 {
  public enum E0 : long { NOM = 0, @string = -9223372036854775808, Item = 9223372036854775807 }
  [DataContract] public enum E1 : short { [EnumMember] Total = 32767, [EnumMember] Œuvre = -32768 }
  [DataContract(Namespace = "urn:Tirages.C56")] public class T0 {   }
  public class Ksx56 { public Tirages.C56.T0 P2 { get; set; } public List<Tirages.C56.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C56.Ksx56) }; }
