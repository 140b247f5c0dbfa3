"""ASP.NET Web API help pages → contracts: the page's tables and samples read, types inferred, schema files written."""
