namespace Boutique
{
    public enum Statut { Actif, EnPause }

    public class Client
    {
        public int Id { get; set; }
        public string Nom { get; set; }
        [JsonIgnore]
        public string Secret { get; set; }
        public Statut Statut { get; set; }
        public string Resume { get { return Id + " " + Nom; } }
    }
}
