"""In-tree policies and requests that are put to kube-apiserver and to Seaworthy alike: a table, from which policies are
made. A policy is about the objects that wear its number, so that all can be in force at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from client import Object

CASE = "in-tree-case"  # the label that numbers an object's policy

CONFIGMAPS: list[Object] = [
    {},
    {"data": {"a": "1"}},
    {"data": {"a": "x", "b": "2"}},
    {"data": {"a": "10", "b": "", "c": "long " * 10}},
]


def _pod(**spec: Any) -> Object:
    container = {"name": "main", "image": "main:1"}
    return {"spec": {"containers": [container | spec.pop("main", {})]} | spec}


PODS: list[Object] = [
    _pod(),
    _pod(main={"env": [{"name": "A", "value": "old"}], "ports": [{"containerPort": 80}]}),
    _pod(
        main={"resources": {"limits": {"memory": "1Gi"}}, "args": ["x"]},
        initContainers=[{"name": "init", "image": "init:1"}],
        volumes=[{"name": "v", "emptyDir": {}}],
    ),
    _pod(hostNetwork=True, tolerations=[{"key": "k", "operator": "Exists"}], nodeSelector={"disk": "ssd"}),
]


def _deployment(replicas: int, **container: Any) -> Object:
    labels = {"app": "web"}
    return {
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "main", "image": "main:1"} | container]},
            },
        }
    }


DEPLOYMENTS: list[Object] = [
    _deployment(1),
    _deployment(3, resources={"limits": {"cpu": "500m", "memory": "64Mi"}}),
    _deployment(10, image="registry.example.com/team/web:2"),
    _deployment(0, securityContext={"privileged": True}),
]
OBJECTS = {"configmaps": CONFIGMAPS, "pods": PODS, "deployments": DEPLOYMENTS}
GROUP = {"configmaps": "", "pods": "", "deployments": "apps"}


@dataclass(frozen=True)
class Case:
    """A policy's parts, and the resource whose objects it is asked about."""

    spec: Object
    resource: str = "configmaps"
    mutating: bool = False
    params: bool = False
    actions: tuple[str, ...] = ("Deny",)
    operations: tuple[str, ...] = ("CREATE",)
    binding: Object = field(default_factory=dict)

    def documents(self, number: int, namespace: str) -> list[Object]:
        """Policy and binding, for one namespace."""
        kind = "MutatingAdmissionPolicy" if self.mutating else "ValidatingAdmissionPolicy"
        name = f"case-{number}"
        rule = {
            "apiGroups": [GROUP[self.resource]],
            "apiVersions": ["v1"],
            "operations": list(self.operations),
            "resources": [self.resource],
        }
        match = {"resourceRules": [rule], "objectSelector": {"matchLabels": {CASE: str(number)}}}
        spec = {"matchConstraints": match} | self.spec
        binding: Object = {"policyName": name} | self.binding
        binding["matchResources"] = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}
        if self.params:
            spec["paramKind"] = {"apiVersion": "v1", "kind": "ConfigMap"}
        if not self.mutating:
            binding["validationActions"] = list(self.actions)
        version = "admissionregistration.k8s.io/v1"
        return [
            {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec},
            {"apiVersion": version, "kind": f"{kind}Binding", "metadata": {"name": name}, "spec": binding},
        ]


def _says(*validations: Object | str, resource: str = "configmaps", **more: Any) -> Case:
    written = [{"expression": each} if isinstance(each, str) else each for each in validations]
    parts = {key: more.pop(key) for key in ("params", "actions", "binding", "operations") if key in more}
    return Case(spec={"validations": written} | more, resource=resource, **parts)


def _mutates(*mutations: str, resource: str = "configmaps", **more: Any) -> Case:
    """Expressions that begin with a bracket are JSON patches."""
    written: list[Object] = []
    for each in mutations:
        kind, patch = ("JSONPatch", "jsonPatch") if each[0] == "[" else ("ApplyConfiguration", "applyConfiguration")
        written.append({"patchType": kind, patch: {"expression": each}})
    parts = {key: more.pop(key) for key in ("params", "binding", "operations") if key in more}
    spec = {"mutations": written, "reinvocationPolicy": "Never"} | more
    return Case(spec=spec, resource=resource, mutating=True, **parts)


BY_NAME = {"paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"}}
BY_LABEL = {"paramRef": {"selector": {"matchLabels": {"limits": "yes"}}, "parameterNotFoundAction": "Deny"}}
MISSING = {"paramRef": {"name": "nobody", "parameterNotFoundAction": "Deny"}}
MISSING_ALLOWED = {"paramRef": {"name": "nobody", "parameterNotFoundAction": "Allow"}}

TOO_MUCH = "lists.range(1000).all(x, lists.range(1000).all(y, x + y >= 0))"  # costs more than an expression may

VALIDATING = [
    _says("has(object.data)"),
    _says("has(object.data) && has(object.data.a)"),
    _says("object.data.a == '1'"),
    _says("object.data.a == '1'", failurePolicy="Ignore"),
    _says("object.data.?a.orValue('none') != 'none'"),
    _says("!has(object.data) || object.data.all(k, size(object.data[k]) < 5)"),
    _says("!has(object.data) || object.data.exists(k, k == 'b')"),
    _says({"expression": "false", "message": "always"}),
    _says({"expression": "false", "message": "  spaces around  "}),
    _says({"expression": "false", "messageExpression": "'at ' + string(size(object.metadata.labels))"}),
    _says({"expression": "false", "messageExpression": "object.data.b + '!'", "message": "the other one"}),
    _says({"expression": "false", "messageExpression": "'two\\nlines'"}),
    _says({"expression": "false", "messageExpression": "'  '", "message": "not blank"}),
    _says({"expression": "false", "messageExpression": "'x'.replace('x', 'y' + string(object.data))"}),
    _says({"expression": "false", "reason": "Forbidden", "message": "no"}),
    _says({"expression": "false", "reason": "RequestEntityTooLarge", "message": "no"}),
    _says({"expression": "   false   \n"}),
    _says("true", "object.data.a == '1'", "object.data.b == '2'"),
    _says("object.data.b == '2'", "object.data.a == '1'", actions=("Warn",)),
    _says("object.data.a == 'x'", actions=("Warn", "Audit")),
    _says("object.data.a == 'x'", actions=("Audit",)),
    _says("variables.a == '1'", variables=[{"name": "a", "expression": "object.data.a"}]),
    _says("variables.b == 2", variables=[
        {"name": "a", "expression": "int(object.data.a)"}, {"name": "b", "expression": "variables.a * 2"}]),
    _says("variables.a || true", variables=[{"name": "a", "expression": "object.data.a == '1'"}]),
    _says("variables.big || true", variables=[{"name": "big", "expression": TOO_MUCH}]),
    _says(TOO_MUCH + " || true"),
    _says("has(object.data)", matchConditions=[{"name": "named", "expression": "has(object.metadata.name)"}]),
    _says("false", matchConditions=[{"name": "has-a", "expression": "has(object.data) && has(object.data.a)"}]),
    _says("false", matchConditions=[{"name": "a", "expression": "object.data.a == '1'"}]),
    _says("false", matchConditions=[
        {"name": "a", "expression": "object.data.a == '1'"}, {"name": "b", "expression": "object.data.b == '2'"}]),
    _says("false", failurePolicy="Ignore", matchConditions=[{"name": "a", "expression": "object.data.a == '1'"}]),
    _says("request.operation == 'CREATE' && request.name != ''"),
    _says("request.userInfo.username == 'dev'", matchConditions=[{"name": "dry", "expression": "request.dryRun"}]),
    _says("request.subResource == ''"),
    _says({"expression": "false", "messageExpression": "request.resource.resource + '/' + request.kind.kind"}),
    _says("oldObject == null && namespaceObject.metadata.name == object.metadata.namespace"),
    _says("object.data.a.matches('^[0-9]+$')"),
    _says("int(object.data.a) > 5"),
    _says("quantity(object.data.a).isGreaterThan(quantity('5'))"),
    _says("object.data.c.split(' ').size() == 3"),
    _says("params.data.most != object.data.a", params=True, binding=BY_NAME),
    _says({"expression": "object.data.a == params.data.most", "messageExpression": "'not ' + params.data.most"},
          params=True, binding=BY_LABEL),
    _says("params == null", params=True),
    _says("true", params=True, binding=MISSING),
    _says("false", params=True, binding=MISSING_ALLOWED),
    _says("true", params=True, binding=MISSING, failurePolicy="Ignore"),
    _says("true", auditAnnotations=[{"key": "a", "valueExpression": "string(object.data.a)"}]),
    _says("true", failurePolicy="Ignore", auditAnnotations=[{"key": "a", "valueExpression": "string(object.data.a)"}]),
    _says("object.spec.replicas <= 3", resource="deployments"),
    _says("object.spec.template.spec.containers.all(c, has(c.resources) && has(c.resources.limits))",
          resource="deployments"),
    _says("object.spec.template.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))",
          resource="deployments"),
    _says({"expression": "object.spec.template.spec.containers.all(c, c.image.startsWith('registry.example.com/'))",
           "messageExpression": "'images: ' + object.spec.template.spec.containers.map(c, c.image).join(', ')"},
          resource="deployments"),
    _says("object.spec.?hostNetwork.orValue(false) == false", resource="pods"),
    _says("object.spec.hostNetwork == true", resource="pods"),
    _says("has(object.spec.initContainers) ? object.spec.initContainers.size() < 1 : true", resource="pods"),
    _says("object.spec.containers[0].env.exists(e, e.name == 'A')", resource="pods"),
]  # fmt: skip

MUTATING = [
    _mutates("Object{data: {'z': 'new'}}"),
    _mutates("Object{metadata: Object.metadata{labels: {'team': 'a'}, annotations: {'b': 'c'}}}"),
    _mutates("Object{data: {'a': 'changed'}}", "Object{data: {'y': object.data.a}}"),
    _mutates("Object{data: {'y': object.data.a}}"),
    _mutates("Object{data: {'y': object.data.a}}", failurePolicy="Ignore"),
    _mutates("Object{data: {'y': object.data.b}}", "Object{data: {'x': 'after'}}", failurePolicy="Ignore"),
    _mutates("Object{data: {'z': 'new'}}", matchConditions=[{"name": "data", "expression": "has(object.data)"}]),
    _mutates("Object{data: {'z': 'new'}}", matchConditions=[{"name": "a", "expression": "object.data.a == '1'"}]),
    _mutates("Object{data: {'z': variables.v}}", variables=[{"name": "v", "expression": "string(1 + 1)"}]),
    _mutates("Object{data: {'most': params.data.most}}", params=True, binding=BY_NAME),
    _mutates("Object{data: {'z': 'new'}}", params=True, binding=MISSING),
    _mutates("Object{metadata: Object.metadata{labels: {'n': string(size(object.metadata.labels))}}}",
             reinvocationPolicy="IfNeeded"),
    _mutates("[JSONPatch{op: 'add', path: '/data/z', value: 'new'}]"),
    _mutates("[JSONPatch{op: 'replace', path: '/data/a', value: 'new'}]"),
    _mutates("[JSONPatch{op: 'remove', path: '/data/b'}]"),
    _mutates("[JSONPatch{op: 'test', path: '/data/a', value: '1'}, JSONPatch{op: 'add', path: '/data/z', value: 'n'}]"),
    _mutates("[JSONPatch{op: 'add', path: '/metadata/annotations', value: {'a.b/c': 'd'}}]"),
    _mutates("[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('x.y/z'), value: 'v'}]"),
    _mutates("[JSONPatch{op: 'copy', from: '/data/a', path: '/data/copy'}]"),
    _mutates("Object{spec: Object.spec{terminationGracePeriodSeconds: 5}}", resource="pods"),
    _mutates("Object{spec: Object.spec{containers: [Object.spec.containers{name: 'main', "
             "env: [Object.spec.containers.env{name: 'A', value: 'new'}]}]}}", resource="pods"),
    _mutates("Object{spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, "
             "imagePullPolicy: 'Always'})}}", resource="pods"),
    _mutates("Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: 'side', image: 'side:1', "
             "restartPolicy: 'Always'}]}}", resource="pods"),
    _mutates("Object{spec: Object.spec{containers: [Object.spec.containers{name: 'main', args: ['y']}]}}",
             resource="pods"),
    _mutates("Object{spec: Object.spec{nodeSelector: {'disk': 'any'}}}", resource="pods"),
    _mutates("Object{spec: Object.spec{hostNetwork: 'yes'}}", resource="pods"),
    _mutates("Object{spec: Object.spec{nonsense: 1}}", resource="pods"),
    _mutates("[JSONPatch{op: 'add', path: '/spec/tolerations/-', value: Object.spec.tolerations{key: 'n', "
             "operator: 'Exists'}}]", resource="pods"),
    _mutates("[JSONPatch{op: 'remove', path: '/spec/hostNetwork'}]", resource="pods"),
    _mutates("[JSONPatch{op: 'add', path: '/spec/nonsense', value: 1}]", resource="pods", failurePolicy="Ignore"),
    _mutates("[JSONPatch{op: 'replace', path: '/kind', value: 5}]", failurePolicy="Ignore"),
    _mutates("[JSONPatch{op: 'replace', path: '/kind', value: 'Nope'}]", failurePolicy="Ignore"),
    _mutates("[JSONPatch{op: 'remove', path: '/kind'}, JSONPatch{op: 'add', path: '/metadata/labels/z', value: 'z'}]"),
    _mutates("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}", resource="deployments"),
    _mutates("Object{spec: Object.spec{template: Object.spec.template{metadata: Object.spec.template.metadata{"
             "labels: {'team': 'a'}}}}}", resource="deployments"),
]  # fmt: skip

LATER = ("UPDATE", "DELETE")
CHANGING = [
    _says("object.data.a == oldObject.data.a", operations=LATER),
    _says("object == null || object.data.new == 'yes'", "oldObject != null", operations=LATER),
    _says("request.operation == 'UPDATE'", operations=LATER),
    _says({"expression": "false", "messageExpression": "request.operation + ' ' + request.options.kind"},
          operations=LATER),
    _says({"expression": "object != null", "reason": "Forbidden"}, operations=LATER,
          matchConditions=[{"name": "has-a", "expression": "has(oldObject.data) && has(oldObject.data.a)"}]),
    _says("has(request.dryRun) && request.dryRun", operations=LATER),
    _mutates("Object{data: {'old': string(has(oldObject.data))}}", operations=("UPDATE",)),
    _mutates("[JSONPatch{op: 'replace', path: '/data/new', value: object.data.?a.orValue('none')}]",
             operations=("UPDATE",)),
]  # fmt: skip

CASES = VALIDATING + MUTATING + CHANGING
