// Writes values of C# contracts with .NET's own serializers, set up as ASP.NET Web API sets up its formatters.
//
//   Recorder record ASSEMBLY OUT SEED COUNT   for each type in the assembly's class Roots: XSDs, and COUNT pairs of a random value
//   Recorder replay ASSEMBLY FOLDER           reads each recorded pair again, and prints those that come out otherwise
using System; using System.Collections; using System.Collections.Generic; using System.Globalization; using System.IO; using System.Linq; using System.Reflection;
using System.Runtime.Serialization; using System.Text; using System.Text.RegularExpressions; using System.Xml; using System.Xml.Schema;
using Newtonsoft.Json; using Newtonsoft.Json.Linq;

static class Recorder {
  static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);

  static int Main(string[] args) {
    CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
    var assembly = Assembly.LoadFrom(args[1]);
    var roots = ((Type[])assembly.GetType("Roots").GetField("Types").GetValue(null));
    return args[0] == "replay" ? Replay(roots, args[2]) : Record(roots, args[2], int.Parse(args[3]), int.Parse(args[4]));
  }

  static int Record(Type[] roots, string output, int seed, int count) {
    foreach (var type in roots) {
      string name = "";
      try {
        name = new XsdDataContractExporter().GetRootElementName(type).Name;
        var folder = Path.Combine(output, name);
        Export(type, Path.Combine(folder, "xsd"));
        using (var file = new StreamWriter(Path.Combine(folder, "wire.jsonl"), false, Utf8)) {
          file.NewLine = "\n";
          for (int index = 0; index < count; index++) {
            var values = new Values(seed * 1000 + index);
            var value = values.Of(type, 0);
            file.WriteLine(Row(type, name, string.Format("{0}-{1:00}", name, index), value, values.Derived));
          }
        }
      } catch (Exception error) { Console.WriteLine("{0}: {1}: {2}", type, name, Why(error)); }
    }
    return 0;
  }

  static string Why(Exception error) { return (error.InnerException ?? error).GetType().Name + ": " + (error.InnerException ?? error).Message.Split('\n')[0]; }

  static string Row(Type type, string name, string id, object value, bool derived) {
    var xml = WriteXml(type, value);
    var row = new JObject { { "id", id }, { "contract", name }, { "xml", xml }, { "json", null } };
    string json;
    try { json = WriteJson(value); } catch (Exception error) { row["refused"] = Why(error); return Line(row); }
    row["json"] = json;
    string back = null;
    if (derived) row["refused"] = "JSON does not tell derived types.";
    else try { back = WriteXml(type, JsonConvert.DeserializeObject(json, type)); } catch (Exception error) { back = null; row["refused"] = Why(error); }
    if (back != xml) row["back"] = back;
    return Line(row);
  }

  static string Line(JObject row) {
    var text = new StringWriter();
    new JsonSerializer().Serialize(new JsonTextWriter(text) { StringEscapeHandling = StringEscapeHandling.EscapeNonAscii }, row);
    return text.ToString();
  }

  static int Replay(Type[] roots, string folder) {
    var types = roots.ToDictionary(type => new XsdDataContractExporter().GetRootElementName(type).Name);
    int rows = 0, other = 0;
    foreach (var path in Directory.GetFiles(folder, "wire.jsonl", SearchOption.AllDirectories)) {
      foreach (var line in File.ReadAllText(path, Utf8).Split('\n').Where(line => line != "")) {
        var wanted = JsonConvert.DeserializeObject<JObject>(line, new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });
        Type type;
        if (!types.TryGetValue((string)wanted["contract"], out type)) continue;
        rows++;
        var got = JsonConvert.DeserializeObject<JObject>(Row(type, (string)wanted["contract"], (string)wanted["id"], ReadXml(type, (string)wanted["xml"]), false), new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });
        foreach (var part in new[] { "xml", "json", "back" })
          if ((string)got[part] != (string)wanted[part]) { other++; Console.WriteLine("{0} {1}\n  wanted {2}\n  got    {3}", wanted["id"], part, wanted[part], got[part]); }
      }
      var xsd = Path.Combine(Path.GetDirectoryName(path), "xsd");
      var name = Path.GetFileName(Path.GetDirectoryName(path));
      if (!Directory.Exists(xsd) || !types.ContainsKey(name)) continue;
      var again = Path.Combine(Path.GetTempPath(), "again-" + Guid.NewGuid());
      Export(types[name], again);
      foreach (var file in Directory.GetFiles(xsd)) {
        var beside = Path.Combine(again, Path.GetFileName(file));
        if (!File.Exists(beside) || File.ReadAllText(file) != File.ReadAllText(beside)) { other++; Console.WriteLine("{0}: {1} is another", name, Path.GetFileName(file)); }
      }
      Directory.Delete(again, true);
    }
    Console.WriteLine("{0} rows, {1} differences", rows, other);
    return other == 0 ? 0 : 1;
  }

  static string WriteXml(Type type, object value) {
    var stream = new MemoryStream();
    var settings = new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false, Encoding = Utf8 };
    using (var writer = XmlWriter.Create(stream, settings)) new DataContractSerializer(type).WriteObject(writer, value);
    return Utf8.GetString(stream.ToArray());
  }

  static object ReadXml(Type type, string xml) {
    using (var reader = XmlDictionaryReader.CreateTextReader(Utf8.GetBytes(xml), XmlDictionaryReaderQuotas.Max)) return new DataContractSerializer(type).ReadObject(reader);
  }

  static string WriteJson(object value) { return JsonConvert.SerializeObject(value); }

  static void Export(Type type, string folder) {
    Directory.CreateDirectory(folder);
    var exporter = new XsdDataContractExporter();
    exporter.Export(type);
    foreach (XmlSchema schema in exporter.Schemas.Schemas()) {
      if (schema.TargetNamespace == XmlSchema.Namespace) continue;
      var name = Regex.Replace(Regex.Replace(schema.TargetNamespace ?? "", "^https?://", ""), "[^\\w.-]", "_").Trim('_');
      using (var writer = XmlWriter.Create(Path.Combine(folder, (name == "" ? "none" : name) + ".xsd"), new XmlWriterSettings { Indent = true, Encoding = Utf8 })) schema.Write(writer);
    }
  }
}

// Random values of any type, by reflection.
class Values {
  static readonly string[] Texts = { "", " ", "é", "e\u0301", "<b>&amp;\"'", "a\tb", "ligne 1\nligne 2", "\u0001", "\u2028", "€", "😀", "0042", "null", "]]>", "  x  ", "/Date(0)/", "2020-01-02T03:04:05Z", "True", "\\", "Œuf & lait" };
  static readonly string[] Uris = { "http://exemple.fr/a%20b?q=1", "https://h/%20x#f", "urn:x:1", "rel/ative?x=1" };
  readonly Random random;
  public bool Derived; // one of them is of a derived type
  public Values(int seed) { random = new Random(seed); }

  T One<T>(params T[] of) { return of[random.Next(of.Length)]; }
  bool Rarely(int n) { return random.Next(n) == 0; }
  long Bits() { var bytes = new byte[8]; random.NextBytes(bytes); return BitConverter.ToInt64(bytes, 0) >> random.Next(64); }

  public object Of(Type type, int depth) {
    var inner = Nullable.GetUnderlyingType(type);
    if (inner != null) return Rarely(3) ? null : Of(inner, depth);
    if (type.IsEnum) return Enumeration(type);
    var simple = Simple(type);
    if (simple != null) return simple;
    if (!type.IsValueType && (depth > 6 || (depth > 0 && Rarely(depth > 3 ? 2 : 6)))) return null;
    if (type == typeof(string)) return One(Texts);
    if (type == typeof(Uri)) return new Uri(One(Uris), UriKind.RelativeOrAbsolute);
    if (type == typeof(byte[])) { var bytes = new byte[random.Next(20)]; random.NextBytes(bytes); return bytes; }
    if (type == typeof(object)) return Rarely(2) ? One(Texts) : One<object>(1, true, 2.5, 3m, 7L, "x");
    if (type.IsArray) return Array(type.GetElementType(), depth);
    if (typeof(IDictionary).IsAssignableFrom(type) || Generic(type, typeof(IDictionary<,>))) return Dictionary(type, depth);
    if (typeof(IEnumerable).IsAssignableFrom(type)) return List(type, depth);
    return Record(Actual(type), depth);
  }

  static bool Generic(Type type, Type definition) { return type.IsGenericType && type.GetGenericTypeDefinition() == definition; }
  int Count(int depth) { return Rarely(4) ? 0 : 1 + random.Next(depth > 3 ? 1 : 3); }

  object Enumeration(Type type) {
    var values = Enum.GetValues(type).Cast<object>().ToArray();
    if (values.Length == 0) return Enum.ToObject(type, 0);
    if (!type.IsDefined(typeof(FlagsAttribute), false)) return One(values);
    long sum = 0;
    foreach (var value in values) if (Rarely(2)) sum |= Number(value);
    if (sum == 0) return One(values);
    return Enum.GetUnderlyingType(type) == typeof(ulong) ? Enum.ToObject(type, unchecked((ulong)sum)) : Enum.ToObject(type, sum);
  }
  static long Number(object value) { return Enum.GetUnderlyingType(value.GetType()) == typeof(ulong) ? unchecked((long)Convert.ToUInt64(value)) : Convert.ToInt64(value); }

  object Simple(Type type) {
    unchecked {
      if (type == typeof(bool)) return Rarely(2);
      if (type == typeof(byte)) return (byte)Bits();
      if (type == typeof(sbyte)) return (sbyte)Bits();
      if (type == typeof(short)) return (short)Bits();
      if (type == typeof(ushort)) return (ushort)Bits();
      if (type == typeof(int)) return One((int)Bits(), 0, int.MinValue);
      if (type == typeof(uint)) return (uint)Bits();
      if (type == typeof(long)) return One(Bits(), 0, long.MinValue);
      if (type == typeof(ulong)) return One((ulong)Bits(), ulong.MaxValue);
    }
    if (type == typeof(char)) return One('é', '€', ' ', '\n', 'A', '<', '&', '"', '\u2028', '0', '\0');
    if (type == typeof(decimal)) return One(0m, 1.0m, -0.5m, 79228162514264337593543950335m, 0.0000000000000000000000000001m, (decimal)Bits() / 1000m, 12.3400m);
    if (type == typeof(double)) return One(0d, 0.1, -0.5, 1e22, 1.7976931348623157E+308, 5E-324, double.NaN, double.PositiveInfinity, random.NextDouble() * 1e6, (double)Bits(), 1e15, 1e16, 123456789012345680d);
    if (type == typeof(float)) return One(0f, 0.1f, -0.5f, 1e10f, float.MaxValue, float.NegativeInfinity, (float)random.NextDouble(), (float)Bits(), 1e7f, 16777216f);
    if (type == typeof(Guid)) { var bytes = new byte[16]; random.NextBytes(bytes); return Rarely(8) ? Guid.Empty : new Guid(bytes); }
    if (type == typeof(DateTime)) return One(Date(), Date(), Date(), Date(), DateTime.MinValue, new DateTime(9999, 12, 31, 23, 59, 59));
    if (type == typeof(DateTimeOffset)) return Rarely(8) ? DateTimeOffset.MinValue : new DateTimeOffset(DateTime.SpecifyKind(Date(), DateTimeKind.Unspecified), TimeSpan.FromMinutes(30 * random.Next(-20, 20)));
    if (type == typeof(TimeSpan)) return One(TimeSpan.Zero, TimeSpan.FromTicks(Bits()), TimeSpan.FromSeconds(random.Next(-500, 500)), TimeSpan.FromDays(random.Next(400)), TimeSpan.MinValue, TimeSpan.MaxValue);
    return null;
  }

  DateTime Date() {
    var ticks = new DateTime(1990 + random.Next(50), 1 + random.Next(12), 1 + random.Next(28), random.Next(24), random.Next(60), random.Next(60)).Ticks + One(0, 0, random.Next(10000000), 1230000);
    return new DateTime(ticks, One(DateTimeKind.Utc, DateTimeKind.Unspecified, DateTimeKind.Local));
  }

  object Array(Type item, int depth) {
    var array = System.Array.CreateInstance(item, Count(depth));
    for (int index = 0; index < array.Length; index++) array.SetValue(Of(item, depth + 1), index);
    return array;
  }

  object Make(Type type, Type list) { return Activator.CreateInstance(type.IsInterface ? list : type); }
  static Type Implemented(Type type, Type definition) { return new[] { type }.Concat(type.GetInterfaces()).First(one => Generic(one, definition)); }

  object List(Type type, int depth) {
    var item = Implemented(type, typeof(IEnumerable<>)).GetGenericArguments()[0];
    var list = Make(type, typeof(List<>).MakeGenericType(item));
    var add = typeof(ICollection<>).MakeGenericType(item).GetMethod("Add");
    for (int count = Count(depth); count > 0; count--) add.Invoke(list, new[] { Of(item, depth + 1) });
    return list;
  }

  object Dictionary(Type type, int depth) {
    var pair = Implemented(type, typeof(IDictionary<,>)).GetGenericArguments();
    var made = (IDictionary)Make(type, typeof(Dictionary<,>).MakeGenericType(pair));
    for (int count = Count(depth); count > 0; count--) made[Of(pair[0], -1) ?? "x"] = Of(pair[1], depth + 1);
    return made;
  }

  Type Actual(Type type) {
    var known = type.GetCustomAttributes(typeof(KnownTypeAttribute), false).Cast<KnownTypeAttribute>().Select(one => one.Type).Where(one => one != null && type.IsAssignableFrom(one)).ToList();
    if (!type.IsAbstract) known.Add(type);
    var actual = known[random.Next(known.Count)];
    Derived |= actual != type;
    return actual;
  }

  object Record(Type type, int depth) {
    var value = Activator.CreateInstance(type);
    for (var at = type; at != null && at != typeof(object); at = at.BaseType) {
      var flags = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
      foreach (var property in at.GetProperties(flags).OrderBy(one => one.Name, StringComparer.Ordinal)) if (property.CanWrite && property.GetIndexParameters().Length == 0 && !Rarely(12)) property.SetValue(value, Of(property.PropertyType, depth + 1), null);
      foreach (var field in at.GetFields(flags).OrderBy(one => one.Name, StringComparer.Ordinal)) field.SetValue(value, Of(field.FieldType, depth + 1));
    }
    return value;
  }
}
