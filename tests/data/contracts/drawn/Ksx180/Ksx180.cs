using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C180 {
  [Flags] public enum E0 : long { имя = 0, @struct = 1, été = 2, nil = 4, Item = 8 }
  public enum E1 { items = 0 }
  [KnownType(typeof(Tirages.C180.T2))] [DataContract] public class T0 {   }
  [DataContract] public struct T1 { [DataMember(EmitDefaultValue = false)] public sbyte X { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C180.T0 Rue { get; set; }  }
  [DataContract] public class T2 : Tirages.C180.T0 { [DataMember(EmitDefaultValue = false)] public ulong? 名前 { get; set; } [DataMember(Order = 2)] public Tirages.C180.E0? ή { get; set; } [DataMember(Name = "x.", EmitDefaultValue = false)] public List<IList<string>> @struct { get; set; } [DataMember(Name = "x·y")] public int _prive { get; set; } [DataMember] public Tirages.C180.E0 Nom { get; set; }  }
  public class Ksx180 { public Tirages.C180.T0 P2 { get; set; } public Tirages.C180.T1 P3 { get; set; } public Tirages.C180.T2 P4 { get; set; } public List<Tirages.C180.T1> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C180.Ksx180) }; }
