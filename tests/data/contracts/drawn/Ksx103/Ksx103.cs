using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("http://exemple.fr/Tirages.C103?a=1&b=2", ClrNamespace = "Tirages.C103")]
namespace Tirages.C103 {
  public class Boite<T> { public T Z { get; set; } public int A { get; set; } }
  public class T0 { public bool ή { get; set; } public decimal Count; public byte[] x { get; set; } public Tirages.C103.T0 Item { get; set; }  }
  [CollectionDataContract(ItemName = "élément")] public class Collection : List<IDictionary<float, string>> { }
  public class Ksx103 { public Tirages.C103.Boite<ulong> P0 { get; set; } public Tirages.C103.T0 P1 { get; set; } public Tirages.C103.Collection P2 { get; set; } public List<Tirages.C103.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C103.Ksx103) }; }
