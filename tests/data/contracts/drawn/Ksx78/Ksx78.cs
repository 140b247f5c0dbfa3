using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C78 {
  public class T0 { public List<byte[]> @namespace { get; set; } public Tirages.C78.T2 Id { get; set; } public Tirages.C78.T3 ñandú; public Tirages.C78.T2 __init__ { get; set; } public Tirages.C78.T0 lambda { get; set; } public uint msgspec { get; set; }  }
  public class T1 : T0 { public uint Text { get; set; } public ulong? Item { get; set; } public IList<Dictionary<decimal, short>> nil { get; set; }  }
  [DataContract] public class T2 { [DataMember(Name = "UPPER")] public ushort Élément { get; set; }  }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C78/")] public class T3 { [DataMember(Name = "é")] public byte? Code { get; set; }  }
  [CollectionDataContract(ItemName = "Entrée", KeyName = "Clé", ValueName = "Valeur")] public class Collection : Dictionary<char, int> { }
  public class Ksx78 { public Tirages.C78.T0 P0 { get; set; } public Tirages.C78.T1 P1 { get; set; } public Tirages.C78.T2 P2 { get; set; } public Tirages.C78.T3 P3 { get; set; } public Tirages.C78.Collection P4 { get; set; } public List<Tirages.C78.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C78.Ksx78) }; }
