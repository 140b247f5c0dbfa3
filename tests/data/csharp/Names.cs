// Names and shapes of every kind, of which .NET's exporter wrote the XSDs beside this file.
using System; using System.Collections; using System.Collections.Generic; using System.Collections.ObjectModel; using System.Runtime.Serialization; using System.Xml; 
namespace Noms.Boîte {
  public class Outer<T> { public class Inner { public T A { get; set; } } public class Inner2<U> { public T A { get; set; } public U B { get; set; } } public Inner X { get; set; } public Inner2<int> Y { get; set; } public Inner2<T> Z { get; set; } }
  public class Coll : List<int> { public int Extra { get; set; } }
  public class Coll2<T> : Collection<T> { }
  [CollectionDataContract(Name = "Liste", Namespace = "urn:c", ItemName = "Un")] public class Coll3 : List<string> { }
  [CollectionDataContract(ItemName = "Un", KeyName = "K", ValueName = "V")] public class Dict3 : Dictionary<string, int> { }
  public class Dict4 : Dictionary<string, Outer<int>> { }
  [CollectionDataContract(Name = "ListeDe{0}{#}")] public class Coll5<T> : List<T> { }
  [Serializable] public class Ser { public string Nom { get; set; } private int x; public int y; [NonSerialized] public int z; [OptionalField] public int w; }
  [DataContract(Name = "Renamed{0}_{#}", Namespace = "urn:g")] public class Gen<T> { [DataMember] public T V { get; set; } [DataMember(Name = "a b")] private int priv; }
  [DataContract] public class Gen2<T> { [DataMember] public T V { get; set; } }
  [DataContract] public enum E1 { [EnumMember] A, B, [EnumMember(Value = "c c")] C = 7 }
  public enum E2 : byte { X = 3, Y, Z = X | 8, Alias = 3 }
  [Flags] public enum E3 { None, A, B, C = 4, All = A | B | C }
  public abstract class Abs { public int A { get; set; } public virtual int V { get; set; } }
  [KnownType(typeof(Der2))] public class Der : Abs { public override int V { get; set; } public int B { get; private set; } public int C { get { return 1; } } public readonly int ro; public int field; public List<int> Got { get { return null; } } [IgnoreDataMember] public int Ign { get; set; } internal int In { get; set; } }
  public class Der2 : Der { public int D2; }
  public struct S { public int A; public int? B; }
  public class Root {
    public List<int?> L1 { get; set; } public int?[] L2 { get; set; } public Dictionary<string, int?> D1 { get; set; } public Gen<int?> G1 { get; set; } public Gen<string> G2 { get; set; } public Gen2<Gen2<int>> G3 { get; set; } public Gen2<List<string>> G4 { get; set; } public Gen2<E2> G5 { get; set; }
    public Outer<string> O1 { get; set; } public Outer<S>.Inner2<List<int>> O2 { get; set; }
    public Coll C1 { get; set; } public Coll2<Ser> C2 { get; set; } public Coll3 C3 { get; set; } public Dict3 C4 { get; set; } public Dict4 C5 { get; set; } public Coll5<int> C6 { get; set; } public Coll5<S> C7 { get; set; }
    public Ser Ser { get; set; } public Gen<S> G6 { get; set; } public E1? E1 { get; set; } public E2 E2 { get; set; } public E3 E3 { get; set; } public Der Der { get; set; } public S? S { get; set; }
    public object Ob { get; set; } public IList<int> I1 { get; set; } public IEnumerable<S> I2 { get; set; } public IDictionary<int, S> I3 { get; set; } public ICollection<string> I4 { get; set; } public IEnumerable I5 { get; set; } public ArrayList I6 { get; set; } public Hashtable I7 { get; set; } public IDictionary I8 {get;set;}
    public KeyValuePair<string, S> K { get; set; } public HashSet<int> H { get; set; } public SortedDictionary<Guid, DateTimeOffset> SD { get; set; } public DateTimeOffset? DO { get; set; } public List<DateTimeOffset> LDO { get; set; } public IDisposable Itf { get; set; }
    public XmlQualifiedName QN { get; set; } public byte[][] BB { get; set; } public List<byte> LB { get; set; } public char[] CH { get; set; } public S?[] SA { get; set; } public Dictionary<E2, List<S>> DE { get; set; } public List<KeyValuePair<string,int>> LK { get; set; } public List<object> LO { get; set; } public Dictionary<string, object> DO2 { get; set; } public Nullable<int> NI { get; set; } public Nullable<S> NS { get; set; }
    public LinkedList<int> LL {get;set;} public IReadOnlyList<int> IR { get; set; } 
  }
}
public class Glob { public int A { get; set; } }
namespace Noms.Ailleurs {
  using Alias = Noms.Boîte.S; using Noms.Boîte;
  static class Constantes { public const string Base = "urn:noms"; public const string Nom = "Re" + "nomme"; }
  [DataContract(Namespace = Constantes.Base + "/v1", Name = nameof(Par))] public partial class Par { [DataMember(Order = 2)] internal int a = 1, b; [DataMember(IsRequired = true)] Alias alias { get; set; } [DataMember(EmitDefaultValue = false)] protected Der der; public int non; }
  public partial class Par { [DataMember(Order = 1)] public Outer<int>.Inner Dedans { get; set; } }
}
public static class Roots { public static System.Type[] Types = new[] { typeof(Noms.Boîte.Root), typeof(Glob), typeof(Noms.Ailleurs.Par) }; }
