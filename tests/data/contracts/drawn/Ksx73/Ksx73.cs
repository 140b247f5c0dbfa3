using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C73 {
  public class T0 { public byte Id { get; set; } public DateTimeOffset lambda { get; set; } public sbyte NOM { get; set; } public uint __ { get; set; }  }
  [CollectionDataContract(ItemName = "x", Namespace = "http://exemple.fr/Tirages.C73/")] public class Collection : List<string> { }
  public class Ksx73 { public Tirages.C73.T0 P0 { get; set; } public Tirages.C73.Collection P1 { get; set; } public List<Tirages.C73.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C73.Ksx73) }; }
