using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C174 {
  public enum E0 : short { self = -16384 }
  public class T0 { public Tirages.C174.E0 ß { get; set; } public byte? cls { get; set; } public int? Date { get; set; } public bool? X { get; set; }  }
  public class T1 { public Dictionary<string, Dictionary<bool, ushort>> At { get; set; } public Guid имя { get; set; } public ulong fin { get; set; } public Tirages.C174.T0 x2 { get; set; } public TimeSpan yield { get; set; } public short? Ville { get; set; }  }
  [DataContract(Namespace = "urn:Tirages.C174:é")] public struct T2 { [DataMember(Order = 1)] public DateTimeOffset nil { get; set; }  }
  [CollectionDataContract(ItemName = "Entrée", KeyName = "Clé", ValueName = "Valeur")] public class Collection : Dictionary<short, ulong> { }
  public class Ksx174 { public Tirages.C174.T0 P1 { get; set; } public Tirages.C174.T1 P2 { get; set; } public Tirages.C174.T2 P3 { get; set; } public Tirages.C174.Collection P4 { get; set; } public List<Tirages.C174.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C174.Ksx174) }; }
