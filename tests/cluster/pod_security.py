"""Pods that Pod Security's Restricted level has an opinion of: each is a good one with one thing changed.

The checks are those of k8s.io/pod-security-admission v0.36.3, policy/check_*.go, in their newest versions. A case names
the rules that must refuse it; where it names none, both let it in. What the API itself refuses before Pod Security is
asked (a HostProcess container beside one that is none, an annotation of a container that is not there, an unmasked
/proc without a user namespace) is no case: the rules' own tests have it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from client import Object
from manifests import GOOD_CONTAINER, GOOD_DEBUGGER, IMAGE, good_pod

ABSENT: Any = object()
"""In a change: takes the field away."""
NO_PROBES: Object = {"livenessProbe": ABSENT, "readinessProbe": ABSENT}

UNSAFE_VOLUMES: Object = {
    "nfs": {"server": "nfs.example.com", "path": "/data"},
    "iscsi": {"targetPortal": "10.0.0.1:3260", "iqn": "iqn.2001-04.com.example:disk", "lun": 0},
    "glusterfs": {"endpoints": "cluster", "path": "data"},
    "rbd": {"monitors": ["10.0.0.1:6789"], "image": "disk"},
    "flexVolume": {"driver": "example.com/disk"},
    "cinder": {"volumeID": "disk"},
    "cephfs": {"monitors": ["10.0.0.1:6789"]},
    "flocker": {"datasetName": "disk"},
    "fc": {"targetWWNs": ["50060e801049cfd1"], "lun": 0},
    "azureFile": {"secretName": "azure", "shareName": "data"},
    "azureDisk": {"diskName": "disk", "diskURI": "https://example.com/disk"},
    "vsphereVolume": {"volumePath": "[data] disk"},
    "quobyte": {"registry": "registry:7861", "volume": "disk"},
    "awsElasticBlockStore": {"volumeID": "disk"},
    "gcePersistentDisk": {"pdName": "disk"},
    "portworxVolume": {"volumeID": "disk"},
    "photonPersistentDisk": {"pdID": "disk"},
    "scaleIO": {"gateway": "https://example.com", "system": "a", "secretRef": {"name": "a"}, "volumeName": "disk"},
    "storageos": {"volumeName": "disk"},
    "gitRepo": {"repository": "https://example.com/site.git"},
}
SAFE_VOLUMES: Object = {
    "configMap": {"name": "web"},
    "csi": {"driver": "secrets-store.csi.k8s.io"},
    "downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]},
    "emptyDir": {"sizeLimit": "64Mi"},
    "ephemeral": {
        "volumeClaimTemplate": {
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        }
    },
    "persistentVolumeClaim": {"claimName": "web"},
    "projected": {"sources": [{"configMap": {"name": "web"}}]},
    "secret": {"secretName": "web"},
    "image": {"reference": IMAGE, "pullPolicy": "IfNotPresent"},
}
SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced": "1",
    "net.ipv4.ip_local_port_range": "1024 65535",
    "net.ipv4.ip_local_reserved_ports": "8080",
    "net.ipv4.ip_unprivileged_port_start": "0",
    "net.ipv4.ping_group_range": "0 1",
    "net.ipv4.tcp_fin_timeout": "30",
    "net.ipv4.tcp_keepalive_intvl": "30",
    "net.ipv4.tcp_keepalive_probes": "3",
    "net.ipv4.tcp_keepalive_time": "600",
    "net.ipv4.tcp_rmem": "4096 131072 6291456",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_wmem": "4096 16384 4194304",
}
APPARMOR = "container.apparmor.security.beta.kubernetes.io"


@dataclass(frozen=True)
class Case:
    """A Pod, the check of Pod Security that it is about, and the rules of the bundle that refuse it."""

    check: str
    name: str
    pod: Object
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.check}: {self.name}"


def changed(base: Object, change: Object) -> Object:
    """A copy of `base` with the fields of `change`, maps merged."""
    result = copy.deepcopy(base)
    for key, value in change.items():
        if value is ABSENT:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = changed(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def pod_with(annotations: dict[str, str] | None = None, **spec: Any) -> Object:
    """A good Pod with changes to its spec; `container` is a change to its container."""
    container = spec.pop("container", {})
    body = good_pod()
    body["metadata"]["annotations"] = annotations or {}
    body["spec"] = changed(body["spec"], spec)
    body["spec"]["containers"] = [changed(GOOD_CONTAINER, container)]
    return body


def windows_pod(container: Object | None = None, **security: Any) -> Object:
    """A good Pod for Windows; `security` changes its securityContext."""
    own = {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "ContainerUser"}}
    body = good_pod(os={"name": "windows"})
    body["spec"]["securityContext"] = changed({"runAsNonRoot": True}, security)
    body["spec"]["containers"] = [changed(GOOD_CONTAINER | {"securityContext": own}, container or {})]
    return body


def in_every_list(change: Object, **spec: Any) -> Iterator[tuple[str, Object]]:
    """Pods with the change to a container in each of the places where a Pod has containers."""
    yield "main container", pod_with(container=change, **spec)
    init = changed(GOOD_CONTAINER, {"name": "init"} | NO_PROBES)
    yield "init container", pod_with(initContainers=[changed(init, change)], **spec)
    sidecar = changed(GOOD_CONTAINER, {"name": "sidecar", "restartPolicy": "Always"})
    yield "sidecar", pod_with(initContainers=[changed(sidecar, change)], **spec)
    yield "debug container", pod_with(ephemeralContainers=[changed(GOOD_DEBUGGER, change)], **spec)


def refused_everywhere(check: str, name: str, rules: tuple[str, ...], context: Object, **spec: Any) -> Iterator[Case]:
    for place, body in in_every_list({"securityContext": context}, **spec):
        yield Case(check, f"{name}, {place}", body, rules)


def host_cases() -> Iterator[Case]:
    both = ("no-host-process", "no-host-namespaces")
    system = {"windowsOptions": {"hostProcess": True, "runAsUserName": "NT AUTHORITY\\SYSTEM"}}
    for name, body in {
        "at the container": windows_pod({"securityContext": system}),
        "at the Pod": windows_pod({"securityContext": {"windowsOptions": ABSENT}}, **system),
        "at both": windows_pod({"securityContext": system}, **system),
    }.items():
        body["spec"]["hostNetwork"] = True
        yield Case("windowsHostProcess", name, body, both)
    setup = changed(windows_pod({"securityContext": system})["spec"]["containers"][0], {"name": "setup"} | NO_PROBES)
    body = windows_pod({"securityContext": system})
    body["spec"] |= {"hostNetwork": True, "initContainers": [setup]}
    yield Case("windowsHostProcess", "init container", body, both)
    body = windows_pod({"securityContext": {"windowsOptions": {"hostProcess": False}}})
    yield Case("windowsHostProcess", "said no to", body)
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        yield Case("hostNamespaces", field, pod_with(**{field: True}), ("no-host-namespaces",))
        yield Case("hostNamespaces", f"no {field}", pod_with(**{field: False}))
    privileged = {"privileged": True, "allowPrivilegeEscalation": ABSENT}
    yield from refused_everywhere("privileged", "set", ("no-privileged", "no-privilege-escalation"), privileged)
    yield Case("privileged", "said no to", pod_with(container={"securityContext": {"privileged": False}}))
    volume = {"name": "logs", "hostPath": {"path": "/var/log"}}
    yield Case("hostPathVolumes", "the node's logs", pod_with(volumes=[volume]), ("no-host-path",))


def network_cases() -> Iterator[Case]:
    check, rule = "hostPorts", ("no-host-ports",)
    ports = [{"containerPort": 8080, "hostPort": 8080}]
    init = changed(GOOD_CONTAINER, {"name": "init", "ports": ports} | NO_PROBES)
    sidecar = changed(GOOD_CONTAINER, {"name": "sidecar", "ports": ports, "restartPolicy": "Always"})
    yield Case(check, "main container", pod_with(container={"ports": ports}), rule)
    yield Case(check, "init container", pod_with(initContainers=[init]), rule)
    yield Case(check, "sidecar", pod_with(initContainers=[sidecar]), rule)
    second = [{"containerPort": 8080}, {"containerPort": 9090, "hostPort": 9090}]
    yield Case(check, "the second port", pod_with(container={"ports": second}), rule)
    yield Case(check, "0", pod_with(container={"ports": [{"containerPort": 8080, "hostPort": 0}]}))

    check, rule = "hostProbesAndHostLifecycle", ("no-probe-host",)
    handlers: Object = {
        "httpGet": {"host": "10.0.0.1", "path": "/", "port": 8080},
        "tcpSocket": {"host": "example.com", "port": 8080},
    }
    for kind, handler in handlers.items():
        silent = changed(handler, {"host": ""})
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            for place, chosen, rules in (("", handler, rule), (", empty", silent, ())):
                body = pod_with()
                body["spec"]["containers"][0][probe] = {kind: chosen}
                yield Case(check, f"{kind} of {probe}{place}", body, rules)
        for hook in ("postStart", "preStop"):
            body = pod_with(container={"lifecycle": {hook: {kind: handler}}})
            yield Case(check, f"{kind} of {hook}", body, rule)
            sidecar = changed(
                GOOD_CONTAINER,
                {"name": "sidecar", "restartPolicy": "Always", "lifecycle": {hook: {kind: handler}}},
            )
            yield Case(check, f"{kind} of {hook}, sidecar", pod_with(initContainers=[sidecar]), rule)
    sidecar = changed(GOOD_CONTAINER, {"name": "sidecar", "restartPolicy": "Always"})
    sidecar["startupProbe"] = {"tcpSocket": handlers["tcpSocket"]}
    yield Case(check, "a sidecar's probe", pod_with(initContainers=[sidecar]), rule)


def kernel_cases() -> Iterator[Case]:
    rule: tuple[str, ...] = ("apparmor-not-unconfined",)
    unconfined = {"appArmorProfile": {"type": "Unconfined"}}
    yield from refused_everywhere("appArmorProfile", "Unconfined", rule, unconfined)
    yield Case("appArmorProfile", "Unconfined Pod", pod_with(securityContext=unconfined), rule)
    body = pod_with(
        securityContext=unconfined, container={"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}}}
    )
    yield Case("appArmorProfile", "Unconfined Pod, its container not", body, rule)
    yield Case("appArmorProfile", "annotation", pod_with({f"{APPARMOR}/api": "unconfined"}), rule)
    for value in ("runtime/default", "localhost/web", ""):
        yield Case("appArmorProfile", f"annotation {value!r}", pod_with({f"{APPARMOR}/api": value}))
    local = {"type": "Localhost", "localhostProfile": "web"}
    for profile in ({"type": "RuntimeDefault"}, local):
        yield Case("appArmorProfile", profile["type"], pod_with(securityContext={"appArmorProfile": profile}))

    rule = ("no-custom-selinux",)
    yield from refused_everywhere("seLinuxOptions", "type", rule, {"seLinuxOptions": {"type": "spc_t"}})
    for options in ({"type": "spc_t"}, {"user": "system_u"}, {"role": "system_r"}):
        body = pod_with(securityContext={"seLinuxOptions": options})
        yield Case("seLinuxOptions", f"{next(iter(options))} of the Pod", body, rule)
        body = pod_with(container={"securityContext": {"seLinuxOptions": options | {"level": "s0"}}})
        yield Case("seLinuxOptions", f"{next(iter(options))} beside a level", body, rule)
    for kind in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"):
        options = {"type": kind, "user": "", "role": "", "level": "s0:c1,c2"}
        yield Case("seLinuxOptions", f"type {kind!r}", pod_with(securityContext={"seLinuxOptions": options}))

    rule = ("default-proc-mount",)
    unmasked = {"procMount": "Unmasked"}
    yield from refused_everywhere("procMount", "Unmasked in a user namespace", rule, unmasked, hostUsers=False)
    yield Case("procMount", "Default", pod_with(container={"securityContext": {"procMount": "Default"}}))

    for name in ("kernel.msgmax", "net.core.somaxconn", "net/ipv4/tcp_syncookies"):
        sysctls = [{"name": "net.ipv4.tcp_rmem", "value": "4096 131072 6291456"}, {"name": name, "value": "1"}]
        yield Case("sysctls", name, pod_with(securityContext={"sysctls": sysctls}), ("safe-sysctls",))
    safe = [{"name": name, "value": value} for name, value in SAFE_SYSCTLS.items()]
    yield Case("sysctls", "all safe ones", pod_with(securityContext={"sysctls": safe}))
    yield Case("sysctls", "an empty list", pod_with(securityContext={"sysctls": []}))


def volume_cases() -> Iterator[Case]:
    for kind, source in UNSAFE_VOLUMES.items():
        body = pod_with(volumes=[{"name": "data", kind: source}])
        yield Case("restrictedVolumes", kind, body, ("safe-volume-types",))
    for kind, source in SAFE_VOLUMES.items():
        yield Case("restrictedVolumes", kind, pod_with(volumes=[{"name": "data", kind: source}]))
    yield Case("restrictedVolumes", "no type at all", pod_with(volumes=[{"name": "data"}]))


def privilege_cases() -> Iterator[Case]:
    check, rule = "allowPrivilegeEscalation", ("no-privilege-escalation",)
    yield from refused_everywhere(check, "true", rule, {check: True})
    yield from refused_everywhere(check, "not set", rule, {check: ABSENT})

    check, rule = "capabilities_restricted", ("drop-all-capabilities",)
    yield from refused_everywhere(check, "not set", rule, {"capabilities": ABSENT})
    yield from refused_everywhere(check, "adds SYS_TIME", rule, {"capabilities": {"add": ["SYS_TIME"]}})
    wrong: list[Object] = [
        {"drop": []},
        {"drop": ["NET_RAW"]},
        {"drop": ["all"]},
        {"drop": ["ALL"], "add": ["NET_RAW"]},
        {"drop": ["ALL"], "add": ["CHOWN"]},
        {"drop": ["ALL"], "add": ["CAP_NET_BIND_SERVICE"]},
        {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "SYS_PTRACE"]},
        {"drop": [], "add": ["NET_BIND_SERVICE"]},
    ]
    for capabilities in wrong:
        context = {"securityContext": {"capabilities": capabilities}}
        yield Case(check, str(capabilities), pod_with(container=context), rule)
    for right in ({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, {"drop": ["NET_RAW", "ALL"], "add": []}):
        context = {"securityContext": {"capabilities": right}}
        yield Case(check, str(right), pod_with(container=context))

    check, rule = "seccompProfile_restricted", ("seccomp-runtime-default",)
    silent, unconfined = {"seccompProfile": ABSENT}, {"seccompProfile": {"type": "Unconfined"}}
    yield from refused_everywhere(check, "Unconfined", rule, unconfined)
    yield from refused_everywhere(check, "not set", rule, silent, securityContext=silent)
    yield Case(check, "Unconfined Pod, its container not", pod_with(securityContext=unconfined), rule)
    only_pod = {"securityContext": silent}
    yield Case(check, "Unconfined Pod", pod_with(securityContext=unconfined, container=only_pod), rule)
    yield Case(check, "set at the Pod", pod_with(container=only_pod))
    yield Case(check, "set at the container", pod_with(securityContext=silent))
    local = {"seccompProfile": {"type": "Localhost", "localhostProfile": "web.json"}}
    yield Case(check, "Localhost", pod_with(securityContext=local, container=only_pod))


def user_cases() -> Iterator[Case]:
    check, rule = "runAsNonRoot", ("run-as-non-root",)
    silent = {"runAsNonRoot": ABSENT}
    yield from refused_everywhere(check, "false", rule, {"runAsNonRoot": False})
    yield from refused_everywhere(check, "not set", rule, silent, securityContext=silent)
    body = pod_with(securityContext={"runAsNonRoot": False})
    yield Case(check, "false at the Pod, true at its container", body, rule)
    only_pod = {"securityContext": silent}
    body = pod_with(securityContext={"runAsNonRoot": False}, container=only_pod)
    yield Case(check, "false at the Pod", body, rule)
    yield Case(check, "set at the Pod", pod_with(container=only_pod))
    yield Case(check, "set at the container", pod_with(securityContext=silent))
    body = pod_with(hostUsers=True, securityContext=silent, container=only_pod)
    yield Case(check, "not set, in the node's user namespace", body, rule)
    for name, value in {"false": False, "not set": ABSENT}.items():
        context = {"runAsNonRoot": value}
        body = pod_with(hostUsers=False, securityContext=context, container={"securityContext": context})
        yield Case(check, f"{name}, in a user namespace", body)

    check = "runAsUser"
    root = {"runAsUser": 0}
    yield from refused_everywhere(check, "0", rule, root)
    yield Case(check, "0 at the Pod, another at its container", pod_with(securityContext=root), rule)
    body = pod_with(securityContext=root, container={"securityContext": {"runAsUser": ABSENT}})
    yield Case(check, "0 at the Pod", body, rule)
    body = pod_with(hostUsers=False, securityContext=root, container={"securityContext": root})
    yield Case(check, "0 in a user namespace", body)
    nobody = {"runAsUser": ABSENT}
    yield Case(check, "not set", pod_with(securityContext=nobody, container={"securityContext": nobody}))


def windows_cases() -> Iterator[Case]:
    yield Case("windows", "none of Linux's fields", windows_pod())
    silent = {"securityContext": {"runAsNonRoot": ABSENT}}
    yield Case("windows", "runAsNonRoot not set", windows_pod(silent, runAsNonRoot=ABSENT), ("run-as-non-root",))
    body = pod_with(
        nodeSelector={"kubernetes.io/os": "windows"}, container={"securityContext": {"capabilities": ABSENT}}
    )
    yield Case("windows", "a node selector does not make a Windows Pod", body, ("drop-all-capabilities",))


def cases() -> list[Case]:
    groups = [host_cases, network_cases, kernel_cases, volume_cases, privilege_cases, user_cases, windows_cases]
    return [Case("none", "a good Pod", pod_with())] + [case for group in groups for case in group()]
