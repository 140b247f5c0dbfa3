using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C97 {
  [KnownType(typeof(Tirages.C97.T1))] public class T0 {   }
  public class T1 : Tirages.C97.T0 {   }
  [DataContract] public struct T2 { [DataMember] public Tirages.C97.T0 Code; [DataMember] public Tirages.C97.T4 value { get; set; } [DataMember(Order = 2, EmitDefaultValue = false)] public Dictionary<uint, IDictionary<double, Tirages.C97.T5>> Items { get; set; } [DataMember(Order = 1)] public Tirages.C97.T0 Id; [DataMember(Name = "UPPER")] public decimal Rue { get; set; } [DataMember(Order = 1, Name = "名.前")] public Tirages.C97.T1 Date { get; set; } [DataMember(Name = "x·y")] public ushort Y { get; set; }  }
  [DataContract] public class T3 { [DataMember(Name = "a.b.c", IsRequired = true)] public byte ß { get; set; } [DataMember(Name = "upper")] public DateTime Text { get; set; } [DataMember] public decimal id { get; set; } [DataMember] public Dictionary<decimal, Guid?> __ { get; set; } [DataMember(Order = 10)] public short __init__; [DataMember(Name = "d2p1")] public Tirages.C97.T3 z; [DataMember(EmitDefaultValue = false)] public Tirages.C97.T1 NOM { get; set; }  }
  [DataContract] public class T4 { [DataMember(Order = 0)] public long i { get; set; } [DataMember(EmitDefaultValue = false)] public List<uint> Text { get; set; }  }
  [DataContract] public class T5 { [DataMember(IsRequired = true)] public List<Tirages.C97.T0> اسم { get; set; } [DataMember] public long Rue { get; set; }  }
  [CollectionDataContract(Name = "Suite")] public class Collection : List<string> { }
  public class Ksx97 { public Tirages.C97.T0 P0 { get; set; } public Tirages.C97.T1 P1 { get; set; } public Tirages.C97.T2 P2 { get; set; } public Tirages.C97.T3 P3 { get; set; } public Tirages.C97.T4 P4 { get; set; } public Tirages.C97.T5 P5 { get; set; } public Tirages.C97.Collection P6 { get; set; } public List<Tirages.C97.T5> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C97.Ksx97) }; }
