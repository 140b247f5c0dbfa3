import sys,os,json,shutil; 

import convtool
from convtool.errors import ConvtoolError
os.chdir(os.path.dirname(os.path.abspath(__file__))); os.environ['CONVTOOL_CACHE']=''
XH='''<xs:schema xmlns:tns="urn:t" elementFormDefault="qualified" targetNamespace="urn:t" xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:complexType name="ArrayOfT"><xs:sequence><xs:element minOccurs="0" maxOccurs="unbounded" name="T" nillable="true" type="tns:T"/></xs:sequence></xs:complexType><xs:element name="ArrayOfT" nillable="true" type="tns:ArrayOfT"/><xs:complexType name="T"><xs:sequence>%s</xs:sequence></xs:complexType><xs:element name="T" nillable="true" type="tns:T"/></xs:schema>'''
def mk(members):
    from convtool.model.json_schema import load_document
    shutil.rmtree('q',ignore_errors=True); os.makedirs('q')
    open('q/ArrayOfT.xsd','w').write(XH%''.join(f'<xs:element minOccurs="0" name="{m}" type="xs:{t}"/>' for m,t in members))
    S={'string':{"type":["string","null"]},'int':{"type":"integer","minimum":-2147483648,"maximum":2147483647},'dateTime':{"type":"string","pattern":"^(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?$(?!\\n)"}}
    json.dump({"$schema":"https://json-schema.org/draft/2020-12/schema","type":["array","null"],"items":{"anyOf":[{"$ref":"#/$defs/T"},{"type":"null"}]},"$defs":{"T":{"type":"object","properties":{m:S[t] for m,t in members},"additionalProperties":False}}},open('q/ArrayOfT.schema.json','w'))
    return convtool.Catalog('q').contract('ArrayOfT')
V={'string':'x','int':7,'dateTime':'2026-01-01T00:00:00+01:00'}

c=mk([('\u03ac','int'),('\u1f71','int')]); j='[{"\u03ac":1,"\u1f71":2}]'
x=c.convert(j,'xml'); print('silent wrong value:',j,'->',x.data.decode()[80:],[d.code for d in x.report],'->',c.to_json(x.data).decode())
c=mk([('Key','dateTime'),('\u212aey','dateTime')]); print('impossible date accepted:',bool(c.validate('[{"Key":"2026-01-01T00:00:00","\u212aey":"2026-99-99T99:99:99"}]')))
for ms in ([('\u212aey','dateTime')],[('a-b','int'),('a_b','int')],[('class','int'),('class_','int')],[('\u0928\u093e\u092e','int'),('\u0928\u0940\u092e','int')],[('__init__','int')],[('__slots__','int')],[('__eq__','string'),('B','int')],[('__module__','int')]):
    try: c=mk(ms); j=json.dumps([{m:V[t] for m,t in ms}],ensure_ascii=False); print(ms,c.to_json(c.to_xml(j)).decode(), c.read(j)==c.read(j))
    except Exception as e: print(ms,type(e).__name__,str(e)[:90])
