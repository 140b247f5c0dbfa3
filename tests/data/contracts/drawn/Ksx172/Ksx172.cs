using System; using System.Collections.Generic; using System.Runtime.Serialization;
namespace Tirages.C172 {
  [DataContract] public class T0 { [DataMember(IsRequired = true)] public char __class__ { get; set; } [DataMember(IsRequired = true)] public Uri Type { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C172.Autres.E1 a1 { get; set; } [DataMember] public DateTimeOffset[] import { get; set; } [DataMember(Order = 10)] public List<short> ß { get; set; }  }
  public class Ksx172 { public Tirages.C172.T0 P2 { get; set; } public Tirages.C172.Base.T1 P3 { get; set; } public Tirages.C172.Base.T2 P4 { get; set; } public Tirages.C172.Autres.T3 P5 { get; set; } public Tirages.C172.Autres.T4 P6 { get; set; } public List<Tirages.C172.Autres.T4> L { get; set; } public string Fin { get; set; } }
}
namespace Tirages.C172.Base {
  public enum E0 : ulong { xsi = 0, json = 1, import = 2, Rue = 3, @event = 4 }
  [DataContract] public struct T1 { [DataMember(Order = 0, EmitDefaultValue = false)] public long x2 { get; set; } [DataMember] public Tirages.C172.Base.T2 Été { get; set; } [DataMember(Order = 0, Name = "x-", EmitDefaultValue = false)] public bool Code { get; set; } [DataMember(Order = 3, Name = "a_b")] public string Größe { get; set; } [DataMember(IsRequired = true)] public int? __init__ { get; set; } [DataMember] public char? Y { get; set; } [DataMember(EmitDefaultValue = false)] public Tirages.C172.Base.E0? None { get; set; } [DataMember] public Dictionary<Tirages.C172.Base.E0, DateTimeOffset> @class { get; set; }  }
  public class T2 { public Tirages.C172.T0 fin { get; set; } public uint Items { get; set; } public uint UNSET { get; set; } public sbyte? xmlns { get; set; }  }
}
namespace Tirages.C172.Autres {
  public enum E1 : ushort { type = 0, @struct = 1, ID = 2, nil = 3, import = 4 }
  public struct T3 { public Tirages.C172.Autres.E1? Ville { get; set; } public double keys { get; set; } public Dictionary<char, ulong> msgspec; public TimeSpan nom { get; set; } public byte Größe { get; set; } public Tirages.C172.Base.T1 名前 { get; set; }  }
  public struct T4 {   }
}
public static class Roots { public static Type[] Types = { typeof(Tirages.C172.Ksx172) }; }
