"""Makes CEL expressions and the objects that they look at, for fuzz/differential.

An expression grows from templates, by type: `‹int› + ‹int›` is a way to make an int, `‹list(T)›.all(§v, ‹bool|v:T›)`
one to make a bool, in whose second hole the variable v is known with the type that T has here. An Expression keeps its
parts, so that a reducer can put a part in the place of the whole. Now and then a hole gets another type than it asks
for, a name is misspelt, or a character goes astray: what the compiler says is compared too.
"""

import copy
import json
import random
import re

HOLE = re.compile(r"‹([^›|]+)(?:\|([^›]*))?›")
SCALARS = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "null")
ELEMENTS = ("int", "string", "bool", "double", "dyn", "uint", "timestamp", "duration", "list(int)", "map(string, int)")
OPERATOR = re.compile(r"›\s*(?:[-+*/%<>=!&|?:]|in\b)|^[!-]")

LITERALS = {
    "bool": ["true", "false"],
    "int": ["0", "1", "2", "3", "-1", "7", "10", "100", "0x1F", "-0x2", "9223372036854775807", "-9223372036854775808", "2147483648", "5"],
    "uint": ["0u", "1u", "2u", "18446744073709551615u", "0xFFu", "7u"],
    "double": ["0.0", "1.0", "-0.0", "1.5", "2.5e3", "1e21", "1e-7", "0.1", "-3.75", "1.7976931348623157e308", "5e-324", "12345678.9", "1e300", ".5", "100000.0", "1e6"],
    "string": ["''", "'a'", "'b'", "'abc'", "'héllo'", "'日本'", "'a,b,c'", "'1'", "'-7'", "'1.5'", "'true'", "\"x y\"", "r'\\d+'", "'''multi'''", "'\\u00e9'", "'\\n'", "'10.0.0.1'",
               "'10.0.0.0/8'", "'::1'", "'2001:db8::/32'", "'https://ex.com:8080/p?q=1'", "'/abs'", "'1Gi'", "'500m'", "'1.2.3'", "'v1.2'", "'1h30m'", "'2024-02-29T12:00:00Z'",
               "'app'", "'name'", "'%d'", "'nginx:1.25'", "'\\U0001F600'", "'a.b.c'", "'A-Z'", "' pad '", "'[a-z]+'", "'(a)(b)?'", "'ﬀ'", "'\\x00'"],
    "bytes": ["b''", "b'abc'", "b'\\xff\\x00'", "b'é'", "b'a'"],
    "null": ["null"],
    "timestamp": ["timestamp('2024-02-29T12:34:56.789Z')", "timestamp('1970-01-01T00:00:00Z')", "timestamp('0001-01-01T00:00:00Z')", "timestamp('9999-12-31T23:59:59Z')",
                  "timestamp('2024-06-01T00:00:00+05:30')", "timestamp(0)", "timestamp(1700000000)", "timestamp('2023-03-26T01:30:00Z')"],
    "duration": ["duration('1h')", "duration('-1.5s')", "duration('0s')", "duration('1ms')", "duration('9223372036s')", "duration('1h2m3.004s')", "duration('100ns')"],
    "quantity": ["quantity('1Gi')", "quantity('1.5Gi')", "quantity('500m')", "quantity('0')", "quantity('-3')", "quantity('1e3')", "quantity('12345678901234567890')", "quantity('100k')"],
    "ip": ["ip('10.0.0.1')", "ip('::1')", "ip('192.168.1.255')", "ip('fe80::1')", "ip('0.0.0.0')", "ip('224.0.0.1')", "ip('2001:db8::68')"],
    "cidr": ["cidr('10.0.0.0/8')", "cidr('192.168.0.1/16')", "cidr('::/0')", "cidr('2001:db8::/32')", "cidr('10.0.0.1/32')"],
    "url": ["url('https://user:pw@ex.com:8080/a%20b?x=1&x=2&y=#f')", "url('/abs/path?k=v')", "url('http://[::1]/')", "url('https://ex.com')"],
    "semver": ["semver('1.2.3')", "semver('1.2.3-rc.1+build')", "semver('v1.0', true)", "semver('0.0.1')"],
    "format": ["format.dns1123Label()", "format.labelValue()", "format.uuid()", "format.date()", "format.uri()", "format.qualifiedName()", "format.byte()", "format.dns1035LabelPrefix()",
               "format.dns1123Subdomain()", "format.datetime()"],
    "type": ["int", "string", "bool", "double", "list", "map", "null_type", "type", "uint", "bytes", "google.protobuf.Timestamp", "google.protobuf.Duration"],
}

# By result. T and U are any of ELEMENTS, the same throughout a template.
RULES = {
    "bool": """
        ‹bool› && ‹bool›; ‹bool› || ‹bool›; !‹bool›; ‹bool› ? ‹bool› : ‹bool›; ‹bool› && ‹bool› && ‹bool› || ‹bool›
        ‹T› == ‹T›; ‹T› != ‹T›; ‹int› < ‹int›; ‹int› <= ‹double›; ‹double› > ‹uint›; ‹string› >= ‹string›; ‹uint› < ‹int›
        ‹bytes› < ‹bytes›; ‹timestamp› < ‹timestamp›; ‹duration› >= ‹duration›; ‹bool› < ‹bool›; ‹dyn› < ‹dyn›; ‹dyn› == ‹T›; ‹T› == ‹dyn›
        ‹T› in ‹list(T)›; ‹string› in ‹map(string, T)›; ‹dyn› in ‹dyn›; ‹T› in [‹T›, ‹T›]; ‹int› in [1, 2, 3]; ‹string› in ['a', 'b', 'c']; ‹dyn› in ['a', 'abc']
        ‹string›.startsWith(‹string›); ‹string›.endsWith(‹string›); ‹string›.contains(‹string›); ‹string›.matches('[a-z]+'); ‹string›.matches(‹string›); matches(‹string›, '^a.*')
        ‹list(T)›.all(§v, ‹bool|v:T›); ‹list(T)›.exists(§v, ‹bool|v:T›); ‹list(T)›.exists_one(§v, ‹bool|v:T›)
        ‹dyn›.all(§v, ‹bool|v:dyn›); ‹dyn›.exists(§v, ‹bool|v:dyn›); ‹dyn›.exists_one(§v, ‹bool|v:dyn›)
        ‹list(T)›.all(§i, §v, ‹bool|i:int,v:T›); ‹list(T)›.exists(§i, §v, ‹bool|i:int,v:T›); ‹list(T)›.existsOne(§i, §v, ‹bool|i:int,v:T›); ‹list(T)›.exists_one(§i, §v, ‹bool|i:int,v:T›)
        ‹map(string, T)›.all(§k, ‹bool|k:string›); ‹map(string, T)›.exists(§k, §v, ‹bool|k:string,v:T›)
        has(‹path›); has(object.‹field›); has(‹map(string, T)›.a); has(variables.‹var›); has(‹path›.‹field›)
        bool(‹string›); bool('true'); bool(‹bool›); isIP(‹string›); isCIDR(‹string›); isURL(‹string›); isQuantity(‹string›); isSemver(‹string›); isSemver(‹string›, ‹bool›)
        ‹quantity› == ‹quantity›; ‹quantity›.isLessThan(‹quantity›); ‹quantity›.isGreaterThan(‹quantity›); ‹quantity›.isInteger()
        ip.isCanonical(‹string›); ‹ip›.isUnspecified(); ‹ip›.isLoopback(); ‹ip›.isLinkLocalMulticast(); ‹ip›.isLinkLocalUnicast(); ‹ip›.isGlobalUnicast(); ‹ip› == ‹ip›
        ‹cidr›.containsIP(‹ip›); ‹cidr›.containsIP(‹string›); ‹cidr›.containsCIDR(‹cidr›); ‹cidr›.containsCIDR(‹string›); ‹cidr› == ‹cidr›; ‹url› == ‹url›
        ‹semver›.isLessThan(‹semver›); ‹semver›.isGreaterThan(‹semver›); ‹semver› == ‹semver›
        sets.contains(‹list(T)›, ‹list(T)›); sets.equivalent(‹list(T)›, ‹list(T)›); sets.intersects(‹list(T)›, ‹list(T)›)
        ‹list(T)›.isSorted(); ‹dyn›.isSorted(); ‹optional(T)›.hasValue(); ‹format›.validate(‹string›).hasValue(); ‹type› == ‹type›; type(‹T›) == ‹type›; type(‹dyn›) == ‹type›
        ‹optional(bool)›.orValue(‹bool›); ‹map(string, bool)›[‹string›]; request.dryRun; ‹optional(T)› == ‹optional(T)›; ‹list(list(int))›.all(§v, ‹bool|v:list(int)›)
        Object{a: ‹T›} == Object{a: ‹T›}; has(Object{a: ‹T›}.a); has(JSONPatch{op: ‹string›}.path); JSONPatch{op: 'add', value: ‹T›} == JSONPatch{op: 'add', value: ‹T›}
        format.named(‹string›).hasValue(); (‹bool›); ‹optional(T)› == optional.none(); ‹dyn› == null; ‹dyn› != ‹dyn›""",
    "int": """
        ‹int› + ‹int›; ‹int› - ‹int›; ‹int› * ‹int›; ‹int› / ‹int›; ‹int› % ‹int›; -‹int›; ‹bool› ? ‹int› : ‹int›; size(‹string›); ‹string›.size(); size(‹list(T)›); ‹list(T)›.size()
        size(‹map(string, T)›); ‹bytes›.size(); size(‹dyn›); ‹dyn›.size(); int(‹string›); int(‹double›); int(‹uint›); int(‹timestamp›); int(‹int›); int('42'); int(‹dyn›); int(‹duration›)
        ‹string›.indexOf(‹string›); ‹string›.indexOf(‹string›, ‹int›); ‹string›.lastIndexOf(‹string›); ‹string›.lastIndexOf(‹string›, ‹int›)
        ‹list(T)›.indexOf(‹T›); ‹list(T)›.lastIndexOf(‹T›); ‹list(int)›.sum(); ‹list(int)›.min(); ‹list(int)›.max(); ‹list(int)›[‹int›]; ‹map(string, int)›[‹string›]; ‹map(string, int)›.a
        ‹timestamp›.getFullYear(); ‹timestamp›.getMonth(); ‹timestamp›.getDayOfYear(); ‹timestamp›.getDayOfMonth(); ‹timestamp›.getDate(); ‹timestamp›.getDayOfWeek(); ‹timestamp›.getHours()
        ‹timestamp›.getMinutes(); ‹timestamp›.getSeconds(); ‹timestamp›.getMilliseconds(); ‹timestamp›.getHours('+05:30'); ‹timestamp›.getDate('America/New_York'); ‹timestamp›.getMinutes(‹string›)
        ‹timestamp›.getDayOfWeek('Europe/Berlin'); ‹timestamp›.getFullYear('-08:00'); ‹duration›.getHours(); ‹duration›.getMinutes(); ‹duration›.getSeconds(); ‹duration›.getMilliseconds()
        ‹quantity›.asInteger(); ‹quantity›.compareTo(‹quantity›); sign(‹quantity›); ‹ip›.family(); ‹cidr›.prefixLength(); ‹semver›.major(); ‹semver›.minor(); ‹semver›.patch()
        ‹semver›.compareTo(‹semver›); ‹optional(int)›.value(); ‹optional(int)›.orValue(‹int›); ‹list(int)›[0]; (‹int›); ‹list(int)›.first().orValue(‹int›)""",
    "uint": "‹uint› + ‹uint›; ‹uint› - ‹uint›; ‹uint› * ‹uint›; ‹uint› / ‹uint›; ‹uint› % ‹uint›; uint(‹int›); uint(‹double›); uint(‹string›); ‹bool› ? ‹uint› : ‹uint›; ‹list(uint)›.sum(); ‹list(uint)›.max(); ‹optional(uint)›.orValue(‹uint›)",
    "double": """
        ‹double› + ‹double›; ‹double› - ‹double›; ‹double› * ‹double›; ‹double› / ‹double›; -‹double›; double(‹int›); double(‹uint›); double(‹string›); ‹bool› ? ‹double› : ‹double›
        ‹list(double)›.sum(); ‹list(double)›.min(); ‹list(double)›.max(); ‹quantity›.asApproximateFloat(); ‹list(double)›[‹int›]; double(‹dyn›)""",
    "string": """
        ‹string› + ‹string›; ‹bool› ? ‹string› : ‹string›; string(‹int›); string(‹uint›); string(‹double›); string(‹bool›); string(‹bytes›); string(‹timestamp›); string(‹duration›)
        string(‹string›); string(‹dyn›); string(‹ip›); string(‹cidr›); ‹string›.charAt(‹int›); ‹string›.lowerAscii(); ‹string›.upperAscii(); ‹string›.trim()
        ‹string›.replace(‹string›, ‹string›); ‹string›.replace(‹string›, ‹string›, ‹int›); ‹string›.substring(‹int›); ‹string›.substring(‹int›, ‹int›)
        ‹list(string)›.join(); ‹list(string)›.join(‹string›); strings.quote(‹string›); ‹string›.find(‹string›); ‹string›.find('[a-z]+'); ‹list(string)›[‹int›]; ‹map(string, string)›[‹string›]
        '%s'.format([‹T›]); '%s-%d'.format([‹T›, ‹int›]); '%d %x %X %o %b'.format([‹int›, ‹int›, ‹int›, ‹int›, ‹int›]); '%.2f'.format([‹double›]); '%e'.format([‹double›]); '%f'.format([‹double›])
        '%x'.format([‹string›]); '%s %s'.format([‹list(T)›, ‹map(string, T)›]); '%s'.format([‹dyn›]); '%d'.format([‹dyn›]); '%b'.format([‹bool›]); '%.3e %%'.format([‹double›]); '%s'.format([‹optional(T)›])
        '%s'.format(‹list(string)›); ‹string›.format([‹T›]); '%s %s'.format([‹T›]); '%X'.format([‹bytes›]); '%.0f'.format([‹double›]); '%q'.format([‹string›])
        ‹url›.getScheme(); ‹url›.getHost(); ‹url›.getHostname(); ‹url›.getPort(); ‹url›.getEscapedPath(); request.name; request.namespace; request.operation; request.userInfo.username
        request.kind.kind; request.resource.resource; namespaceObject.metadata.name; namespaceObject.status.phase; ‹list(string)›.min(); ‹list(string)›.max(); ‹optional(string)›.orValue(‹string›)
        jsonpatch.escapeKey(‹string›); JSONPatch{op: ‹string›, path: ‹string›}.op; Object{a: ‹string›}.a
        ‹optional(string)›.value(); ‹map(string, string)›.a; object.metadata.labels[‹string›]; ‹string›.lowerAscii().upperAscii()""",
    "bytes": "‹bytes› + ‹bytes›; bytes(‹string›); bytes(‹bytes›); ‹bool› ? ‹bytes› : ‹bytes›; ‹list(bytes)›.max()",
    "timestamp": "‹timestamp› + ‹duration›; ‹duration› + ‹timestamp›; ‹timestamp› - ‹duration›; timestamp(‹string›); timestamp(‹int›); timestamp(‹timestamp›); ‹bool› ? ‹timestamp› : ‹timestamp›; timestamp('2024-01-01T00:00:00Z'); ‹list(timestamp)›.max()",
    "duration": "‹duration› + ‹duration›; ‹duration› - ‹duration›; ‹timestamp› - ‹timestamp›; duration(‹string›); duration(‹duration›); duration(‹int›); ‹list(duration)›.sum(); ‹bool› ? ‹duration› : ‹duration›",
    "null": "dyn(null); ‹bool› ? null : null",
    "quantity": "quantity(‹string›); ‹quantity›.add(‹quantity›); ‹quantity›.add(‹int›); ‹quantity›.sub(‹quantity›); ‹quantity›.sub(‹int›); ‹bool› ? ‹quantity› : ‹quantity›",
    "ip": "ip(‹string›); ‹cidr›.ip(); ‹bool› ? ‹ip› : ‹ip›",
    "cidr": "cidr(‹string›); ‹cidr›.masked()",
    "url": "url(‹string›); ‹bool› ? ‹url› : ‹url›",
    "semver": "semver(‹string›); semver(‹string›, ‹bool›)",
    "format": "format.named(‹string›).value(); format.named('dns1123Label').orValue(‹format›)",
    "type": "type(‹T›); type(‹dyn›); type(‹type›); type(‹list(T)›); type(‹map(string, T)›); type(‹optional(T)›); type(‹quantity›); type(‹ip›)",
    "dyn": """
        ‹path›; ‹path›; ‹path›; dyn(‹T›); ‹path›[‹int›]; ‹path›[‹string›]; ‹dyn›.‹field›; ‹path›.‹field›; ‹dyn› + ‹dyn›; ‹bool› ? ‹dyn› : ‹dyn›; ‹dyn›[‹dyn›]; ‹dyn›.max(); ‹dyn›.min(); ‹dyn›.sum()
        ‹optional(dyn)›.orValue(‹dyn›); variables.‹var›; variables.‹var›; ‹bool› ? ‹T› : ‹dyn›; ‹dyn› * ‹dyn›; ‹dyn› - ‹dyn›; ‹dyn›.map(§v, ‹dyn|v:dyn›); ‹dyn›.filter(§v, ‹bool|v:dyn›); -‹dyn›; ‹dyn› / ‹int›
        Object{spec: Object.spec{a: ‹T›}}; Object{‹field›: ‹dyn›}; Object{?a: ‹optional(T)›}; JSONPatch{op: 'add', path: ‹string›, value: ‹T›}; Object{a: ‹T›}.‹field›; [JSONPatch{op: ‹string›, value: ‹dyn›}]
        params.‹field›; oldObject.spec.‹field›; request.options; [‹T›][‹int›]; {'a': ‹T›}.a; {'a': ‹dyn›}['a']; object; ‹dyn›.replace(‹dyn›, ‹dyn›); ‹dyn›.split(‹dyn›); ‹dyn›.add(‹dyn›)""",
    "list": """
        [‹T›]; [‹T›, ‹T›]; []; [‹T›, ‹T›, ‹T›]; ‹list(T)› + ‹list(T)›; ‹bool› ? ‹list(T)› : ‹list(T)›; ‹list(T)›.filter(§v, ‹bool|v:T›); ‹list(U)›.map(§v, ‹T|v:U›); ‹list(U)›.map(§v, ‹bool|v:U›, ‹T|v:U›)
        ‹list(T)›.slice(‹int›, ‹int›); ‹list(T)›.reverse(); ‹list(T)›.distinct(); ‹list(T)›.sort(); ‹list(T)›.sortBy(§v, ‹int|v:T›); ‹list(T)›.sortBy(§v, ‹string|v:T›)
        ‹list(U)›.transformList(§i, §v, ‹T|i:int,v:U›); ‹list(U)›.transformList(§i, §v, ‹bool|i:int,v:U›, ‹T|i:int,v:U›); ‹map(string, U)›.transformList(§k, §v, ‹T|k:string,v:U›)
        [?‹optional(T)›, ‹T›]; ‹optional(list(T))›.orValue(‹list(T)›); [‹list(T)›, ‹list(T)›].flatten(); ‹list(list(T))›[‹int›]; ‹dyn›.map(§v, ‹T|v:dyn›); ‹list(T)›.filter(§v, ‹bool|v:T›).map(§w, ‹T|w:T›)""",
    "list(int)": "lists.range(‹int›); lists.range(5); ‹list(int)›.sort()",
    "list(string)": "‹string›.split(‹string›); ‹string›.split(','); ‹string›.split(‹string›, ‹int›); ‹string›.findAll(‹string›); ‹string›.findAll('[a-z]', ‹int›); ‹format›.validate(‹string›).orValue([]); request.userInfo.groups; namespaceObject.metadata.finalizers; ‹map(string, T)›.map(§k, k); ‹url›.getQuery()['x']",
    "map": """
        {‹string›: ‹T›}; {'a': ‹T›, 'b': ‹T›}; {}; {‹string›: ‹T›, ‹string›: ‹T›}; {?'a': ‹optional(T)›, 'b': ‹T›}; ‹bool› ? ‹map(string, T)› : ‹map(string, T)›
        ‹map(string, U)›.transformMap(§k, §v, ‹T|k:string,v:U›); ‹map(string, U)›.transformMap(§k, §v, ‹bool|k:string,v:U›, ‹T|k:string,v:U›)
        ‹list(T)›.transformMapEntry(§i, §v, {string(i): v}); ‹list(string)›.transformMapEntry(§i, §v, {v: ‹T|i:int,v:string›})""",
    "map(string, string)": "namespaceObject.metadata.labels; namespaceObject.metadata.annotations",
    "optional": """
        optional.of(‹T›); optional.none(); optional.ofNonZeroValue(‹T›); ‹optional(T)›.or(‹optional(T)›); ‹list(T)›[?‹int›]; ‹map(string, T)›[?‹string›]; ‹map(string, T)›.?a; ‹list(T)›.first(); ‹list(T)›.last()
        ‹optional(U)›.optMap(§v, ‹T|v:U›); ‹optional(U)›.optFlatMap(§v, ‹optional(T)|v:U›); ‹bool› ? ‹optional(T)› : ‹optional(T)›""",
    "optional(dyn)": "object.?‹field›; object.?spec.‹field›; ‹path›.?‹field›; ‹dyn›[?‹int›]; ‹dyn›[?‹string›]; optional.of(‹dyn›); object.metadata.?labels[‹string›]; ‹path›[?0].name; ‹path›.?‹field›.‹field›",
}
RULES = {kind: [rule.strip() for line in text.strip().splitlines() for rule in line.split(";") if rule.strip()] for kind, text in RULES.items()}

POD = {
    "apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": "web-1", "namespace": "prod", "labels": {"app": "web", "a": "b", "tier": "front"}, "annotations": {"note": "x"}, "creationTimestamp": "2024-02-29T12:00:00Z"},
    "spec": {"hostNetwork": False, "replicas": 3, "nodeSelector": {"a": "1"}, "terminationGracePeriodSeconds": 30,
             "containers": [{"name": "a", "image": "nginx:1.25", "ports": [{"containerPort": 80, "protocol": "TCP"}], "securityContext": {"privileged": False, "runAsUser": 1000},
                             "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}, "env": [{"name": "A", "value": "1"}]},
                            {"name": "b", "image": "registry.ex/app@sha256:abc", "resources": {}}],
             "volumes": [{"name": "v", "emptyDir": {}}]},
    "i": 5, "neg": -7, "zero": 0, "max": 9223372036854775807, "min": -9223372036854775808, "f": 1.5, "whole": 2.0, "huge": 1e300, "over": 9223372036854775808, "tiny": 5e-324,
    "s": "héllo", "e": "", "num": "42", "b": True, "n": None, "l": [1, 2, 3], "ls": ["b", "a", "c"], "lx": [1, "a", None, 2.5, {"k": 1}, [1], True], "lf": [1, 2.5, 3.0], "el": [], "em": {},
    "m": {"a": 1, "b": 2}, "mm": {"a": {"b": {"c": [1, {"d": "deep"}]}}}, "one": {"a": 1}, "t": "2024-02-29T12:34:56Z", "d": "1h30m", "q": "1.5Gi", "ip": "10.0.0.1", "cidr": "10.0.0.0/8",
    "u": "https://u:p@ex.com:8080/p?q=1", "sv": "1.2.3-rc.1", "bad": "\u0000\u2028<&>", "ll": [[1], [2, 3], []], "dup": ["x", "x", "y"],
}
REQUEST = {"kind": {"group": "", "version": "v1", "kind": "Pod"}, "resource": {"group": "", "version": "v1", "resource": "pods"}, "name": "web-1", "namespace": "prod", "operation": "UPDATE",
           "userInfo": {"username": "ann", "uid": "1", "groups": ["dev", "ops"], "extra": {"x": ["1"]}}, "dryRun": False, "options": {"kind": "CreateOptions"}}
NAMESPACE = {"metadata": {"name": "prod", "labels": {"a": "b", "env": "prod"}, "annotations": {}, "creationTimestamp": "2024-01-01T00:00:00Z", "finalizers": ["k"], "generation": 3}, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
FIELDS = ["a", "b", "name", "spec", "metadata", "labels", "containers", "i", "s", "l", "m", "x", "missing", "app", "image", "n", "in_", "as", "replicas", "namespace"]
ODD = [None, 0, 1, -1, 1.5, 2.0, "", "a", "é", True, False, [], {}, [1], {"a": 1}, [None], 9007199254740993, 1e21, "2024-01-01", [[]], {"": 1}]


def kind_of(value):
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int) and -2**63 <= value < 2**63:
        return "int"
    if isinstance(value, (int, float)):
        return "double"
    return {str: "string", list: "list", dict: "map", type(None): "null"}[type(value)]


def paths_of(value, at, found):
    found.setdefault(kind_of(value), []).append(at)
    found.setdefault("any", []).append(at)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.isidentifier():
                paths_of(inner, f"{at}.{key}", found)
    elif isinstance(value, list):
        for index, inner in enumerate(value[:2]):
            paths_of(inner, f"{at}[{index}]", found)
    return found


PATHS = paths_of(POD, "object", {})


class Expression:
    """A template's text with the expressions in its holes; `kind` is the type that it was made for."""

    def __init__(self, kind, parts):
        self.kind, self.parts = kind, parts

    def text(self):
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def inner(self):
        return [part for part in self.parts if isinstance(part, Expression)]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def element(self):
        return self.random.choice(ELEMENTS) if self.random.random() < 0.35 else self.random.choice(("int", "string", "dyn", "bool", "double"))

    def make(self, kind, depth, scope, variables):
        chance = self.random.random()
        if chance < 0.012:
            kind = self.random.choice(tuple(LITERALS) + ("dyn", "list(int)", "map(string, int)", "optional(int)"))
        elif chance < 0.016:
            return Expression(kind, [self.random.choice(["undefined", "objct", "request.object", "request.uid", "variables.nothing", "a.b.c", "size", "x", "__result__", ".object", "true.a", "params.params"])])
        if depth <= 0 or self.random.random() < 0.08:
            return self.leaf(kind, scope, variables)
        return self.fill(kind, self.random.choice(self.rules(kind)), depth, scope, variables)

    def rules(self, kind):
        rules = RULES.get(kind, [])
        base = kind.split("(")[0]
        return rules + RULES[base] if base != kind else rules

    def leaf(self, kind, scope, variables):
        if kind == "var":
            return Expression(kind, [self.random.choice(variables or ["nothing"])])
        if kind == "field":
            return Expression(kind, [self.random.choice(FIELDS)])
        if kind == "path":
            return Expression(kind, [self.random.choice(PATHS["any"])])
        known = [name for name, known_kind in scope if known_kind == kind or (kind == "dyn" and self.random.random() < 0.5)]
        if known and self.random.random() < 0.6:
            return Expression(kind, [self.random.choice(known)])
        base = kind.split("(")[0]
        if base in PATHS and base != "null" and self.random.random() < 0.35:
            return Expression(kind, [self.random.choice(PATHS[base])])
        if kind == "dyn":
            return Expression(kind, [self.random.choice(PATHS["any"])])
        if kind in LITERALS:
            return Expression(kind, [self.random.choice(LITERALS[kind])])
        inner = kind[len(base) + 1:-1]
        if base == "list":
            return Expression(kind, ["["] + self.comma([self.leaf(inner, scope, variables) for _ in range(self.random.randrange(4))]) + ["]"])
        if base == "map":
            value = inner.split(", ", 1)[1]
            keys = self.random.sample(["'a'", "'b'", "'c'"], self.random.randrange(3))
            parts = []
            for key in keys:
                parts += [", " if parts else "", key + ": ", self.leaf(value, scope, variables)]
            return Expression(kind, ["{"] + parts + ["}"])
        return Expression(kind, ["optional.of(", self.leaf(inner, scope, variables), ")"])

    @staticmethod
    def comma(expressions):
        parts = []
        for expression in expressions:
            parts += [", ", expression] if parts else [expression]
        return parts

    def fill(self, kind, rule, depth, scope, variables):
        base = kind.split("(")[0]
        binding = {"T": self.element(), "U": self.element()}
        if base in ("list", "optional") and base != kind:
            binding["T"] = kind[len(base) + 1:-1]
        elif base == "map":
            binding["T"] = kind[len(base) + 1:-1].split(", ", 1)[1]
        fresh = {}

        def name(match):
            if match[1] not in fresh:
                self.names += 1
                fresh[match[1]] = match[1] if self.random.random() < 0.8 else f"{match[1]}{self.names % 7}"
            return fresh[match[1]]

        rule = re.sub(r"§(\w+)", name, rule)
        parts, at = [], 0
        for hole in HOLE.finditer(rule):
            parts.append(rule[at:hole.start()])
            at = hole.end()
            wanted = re.sub(r"\b[TU]\b", lambda match: binding[match[0]], hole[1])
            inner_scope = scope
            for bound in (hole[2] or "").split(","):
                if bound:
                    variable, bound_kind = bound.split(":", 1)
                    inner_scope = [(fresh.get(variable, variable), re.sub(r"\b[TU]\b", lambda match: binding[match[0]], bound_kind))] + inner_scope
            if wanted in ("field", "var", "path"):
                parts.append(self.leaf(wanted, inner_scope, variables))
                continue
            parts += self.wrapped(self.make(wanted, depth - 1, inner_scope, variables), rule, hole)
        parts.append(rule[at:])
        made = Expression(kind, parts)
        made.is_operator = OPERATOR.search(rule) is not None and not rule.endswith((")", "]", "}"))
        return made

    def wrapped(self, inner, rule, hole):
        if not getattr(inner, "is_operator", False) or self.random.random() < 0.03:
            return [inner]
        alone = rule[:hole.start()].rstrip().endswith(("(", ",", "[", "{")) and rule[hole.end():].lstrip()[:1] in (")", ",", "]", "}")
        return [inner] if alone else ["(", inner, ")"]

    def misspell(self, text):
        at = self.random.randrange(len(text) + 1)
        kind = self.random.randrange(4)
        if kind == 0:
            return text[:at] + text[at + 1:]
        if kind == 1:
            return text[:at] + self.random.choice(list("()[]{}.,?:'\"`+-!&|=<>%@#$\\a1 \n\té")) + text[at:]
        if kind == 2:
            return text[:at] + text[at:at + 1] + text[at:]
        other = self.random.randrange(len(text) + 1)
        return text[:at] + text[other:]

    def object(self):
        if self.random.random() < 0.02:
            return copy.deepcopy(self.random.choice(ODD))
        made = copy.deepcopy(POD)
        for _ in range(self.random.randrange(4)):
            holder = made
            while True:
                keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
                if not keys:
                    break
                key = self.random.choice(keys)
                if isinstance(holder[key], (dict, list)) and holder[key] and self.random.random() < 0.6:
                    holder = holder[key]
                    continue
                if self.random.random() < 0.3:
                    del holder[key]
                else:
                    holder[key] = copy.deepcopy(self.random.choice(ODD))
                break
        return made

    def request(self):
        """A line of the protocol, and the Expression that it holds; None where the text was spoilt."""
        wanted = self.random.choice(["bool"] * 4 + ["int", "string", "string", "dyn", "double", "uint", "bytes", "timestamp", "duration", "quantity", "ip", "cidr", "url", "semver", "type", "format"]
                                    + [f"list({self.element()})"] * 2 + [f"map(string, {self.element()})", f"optional({self.element()})"])
        variables = []
        for index in range(self.random.choice([0, 0, 0, 1, 2])):
            kind = self.random.choice(["int", "string", "bool", "dyn", "list(int)", "map(string, string)", "optional(int)", "quantity", "double", "type", "list(dyn)"])
            made = self.make(kind, self.random.randrange(1, 3), [], [variable["name"] for variable in variables])
            variables.append({"name": f"v{index}", "expression": made.text()})
        made = self.make(wanted, self.random.choice([1, 2, 2, 3, 3, 4]), [], [variable["name"] for variable in variables])
        text = made.text()
        if self.random.random() < 0.02:
            text, made = self.misspell(text), None
        line = {"expr": text, "vars": {"object": self.object()}}
        if variables:
            line["variables"] = variables
        for name, value in (("request", REQUEST), ("namespaceObject", NAMESPACE), ("oldObject", POD), ("params", {"a": 1, "name": "p", "l": [1]})):
            if any(name in spelt for spelt in [text, *(variable["expression"] for variable in variables)]) and self.random.random() < 0.9:
                line["vars"][name] = value
        if self.random.random() < 0.03:
            line["returns"] = self.random.choice(["bool", "string", "int", "null", "timestamp"])
        return line, made
