using System; using System.Collections.Generic; using System.Runtime.Serialization;
[assembly: ContractNamespace("urn:Tirages.C25:b", ClrNamespace = "Tirages.C25")]
namespace Tirages.C25 {
  [DataContract] public enum E0 : byte { [EnumMember] @event = 0, [EnumMember(Value = "a-b1")] Default = 7, [EnumMember] id = 255 }
  [DataContract] [Flags] public enum E1 { [EnumMember] Ville = 1, [EnumMember] a1 = 2, [EnumMember] Text = 4, [EnumMember] Ligne = 8 }
  [DataContract] public class T0 { [DataMember(EmitDefaultValue = false)] public IEnumerable<char> Items { get; set; } [DataMember(Order = 2, EmitDefaultValue = false)] public Tirages.C25.T0 Élément { get; set; } [DataMember(EmitDefaultValue = false)] public Guid? @string { get; set; } [DataMember] public Tirages.C25.T0 yield { get; set; } [DataMember(Order = 1, EmitDefaultValue = false)] public Dictionary<bool, byte> __init__ { get; set; } [DataMember] public Dictionary<bool, Guid?>[] x2 { get; set; }  }
  [CollectionDataContract(ItemName = "Entrée", KeyName = "Clé", ValueName = "Valeur")] public class Collection : Dictionary<decimal, int> { }
  public class Ksx25 { public Tirages.C25.T0 P2 { get; set; } public Tirages.C25.Collection P3 { get; set; } public List<Tirages.C25.T0> L { get; set; } public string Fin { get; set; } }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C25.Ksx25) }; }
