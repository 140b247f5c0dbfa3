using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C113 {
  [Flags] public enum E0 { Key = 0, def = 1, __init__ = 2, self = 4, Été = 8 }
  [CollectionDataContract(ItemName = "x", Namespace = "urn:Tirages.C113:b")] public class Collection : List<int> { }
  public class Ksx113 { public Tirages.C113.Base.Boite<byte[]> P2 { get; set; } public Tirages.C113.Base.T0 P3 { get; set; } public Tirages.C113.Collection P4 { get; set; } public List<Tirages.C113.Base.T0> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C113.Base {
  [DataContract] [Flags] public enum E1 : sbyte { [EnumMember] __class__ = 0, [EnumMember] имя = 1, [EnumMember] __slots__ = 2, [EnumMember] i = 4 }
  [DataContract(Name = "Boite_{0}_{#}")] public class Boite<T> { [DataMember] public T Z { get; set; } [DataMember] public int A { get; set; } }
  [DataContract] public struct T0 { [DataMember(Order = 0)] public string X { get; set; } [DataMember] public IDictionary<short, Guid> v0; [DataMember(Order = 3)] public double Key; [DataMember(Name = "名.前")] public long? def { get; set; } [DataMember(IsRequired = true)] public Tirages.C113.Base.Boite<int> x; [DataMember] public Dictionary<float, sbyte> __slots__ { get; set; } [DataMember] public Dictionary<float, Tirages.C113.Base.E1> été { get; set; }  }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C113.Ksx113) }; }
