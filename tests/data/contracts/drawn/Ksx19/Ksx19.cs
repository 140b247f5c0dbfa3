using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C19 {
  public enum E0 { @string = 0, json = 1, UNSET = 2 }
  [DataContract] public class T0 {   }
  public struct T1 {   }
  [DataContract(Namespace = "tag:x,2020:Tirages.C19")] public class T2 { [DataMember(Name = "a.b", IsRequired = true)] public char UNSET { get; set; } [DataMember] public Tirages.C19.E0 Value; [DataMember(Name = "a-b", EmitDefaultValue = false)] public ushort yield { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C19.T1 имя { get; set; } [DataMember(Order = 10, Name = "名.前")] public List<Tirages.C19.T4> self { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C19.T4 Größe { get; set; }  }
  [DataContract(Name = "N-3")] public class T3 : Tirages.C19.T2 {   }
  [DataContract(Namespace = "http://exemple.fr/Tirages.C19/")] public class T4 : T0 { [DataMember(Order = 2)] public int? @class { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C19.E0 Code { get; set; } [DataMember(Order = 10, Name = "é", EmitDefaultValue = false)] public Tirages.C19.T1? @event; [DataMember] public decimal? x2 { get; set; }  }
  [CollectionDataContract(ItemName = "Entrée", KeyName = "Clé", ValueName = "Valeur")] public class Collection : Dictionary<bool, int> { }
  public class Ksx19 { public Tirages.C19.T0 P1 { get; set; } public Tirages.C19.T1 P2 { get; set; } public Tirages.C19.T2 P3 { get; set; } public Tirages.C19.T3 P4 { get; set; } public Tirages.C19.T4 P5 { get; set; } public Tirages.C19.Collection P6 { get; set; } public List<Tirages.C19.T4> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C19.Ksx19) }; }
