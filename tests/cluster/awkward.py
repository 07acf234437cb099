"""Valid Pods that a remedy could clash with: the API server would refuse what is merged in without a thought."""

from __future__ import annotations

from typing import Any

from client import Object
from manifests import GOOD_CONTAINER, careless_pod, pod

EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"
EVICT_VOLUMES = f"{EVICT}-local-volumes"
SCRATCH = [{"name": "scratch", "mountPath": "/scratch"}]
DISK: Object = {"name": "disk", "persistentVolumeClaim": {"claimName": "disk"}}


def web(**container: Any) -> Object:
    """A Pod of one container that says nothing but what is given."""
    return pod("web", {"name": "web", "image": "nginx:1.27"} | container)


def secured(**context: Any) -> Object:
    return web(securityContext=context)


def sized(requests: Object | None = None, limits: Object | None = None, **spec: Any) -> Object:
    made = {name: amounts for name, amounts in (("requests", requests), ("limits", limits)) if amounts is not None}
    body = web(resources=made)
    body["spec"] |= spec
    return body


def mounting(volumes: list[Object], *mounts: Object, **spec: Any) -> Object:
    body = web(volumeMounts=list(mounts))
    body["spec"] |= {"volumes": volumes} | spec
    return body


def annotated(annotations: Object, **spec: Any) -> Object:
    body = careless_pod("web", **spec)
    body["metadata"]["annotations"] = annotations
    return body


def init(*containers: Object, **spec: Any) -> Object:
    return careless_pod("web", initContainers=list(containers), **spec)


def container(name: str, **fields: Any) -> Object:
    return {"name": name, "image": f"registry.example.com/{name}:1"} | fields


def sidecar(name: str, **fields: Any) -> Object:
    return container(name, restartPolicy="Always", **fields)


WINDOWS = {
    "Windows": careless_pod("web", os={"name": "windows"}),
    "Windows that says who it runs as": careless_pod(
        "web", os={"name": "windows"}, securityContext={"windowsOptions": {"runAsUserName": "ContainerUser"}}
    ),
    "Windows, and no root": careless_pod("web", os={"name": "windows"}, securityContext={"runAsNonRoot": True}),
    "Windows with limits and emptyDirs": sized(
        limits={"cpu": "50m", "memory": "32Mi"}, os={"name": "windows"}, volumes=[{"name": "scratch", "emptyDir": {}}]
    ),
    "Windows with a sidecar": init(sidecar("proxy"), os={"name": "windows"}),
    "Windows that is its host": careless_pod(
        "web",
        os={"name": "windows"},
        hostNetwork=True,
        securityContext={"windowsOptions": {"hostProcess": True, "runAsUserName": "NT AUTHORITY\\SYSTEM"}},
    ),
    "Linux, said out loud": careless_pod("web", os={"name": "linux"}),
}
PRIVILEGED = {
    "privileged": secured(privileged=True),
    "privileged, and escalating": secured(privileged=True, allowPrivilegeEscalation=True),
    "privileged init container": init(container("setup", securityContext={"privileged": True})),
    "CAP_SYS_ADMIN": secured(capabilities={"add": ["CAP_SYS_ADMIN"]}),
    "SYS_ADMIN": secured(capabilities={"add": ["SYS_ADMIN"]}),
    "every capability": secured(capabilities={"add": ["ALL"]}),
    "capabilities dropped in another case": secured(capabilities={"drop": ["all", "NET_RAW"]}),
    "escalation asked for": secured(allowPrivilegeEscalation=True),
    "a writable root asked for": secured(readOnlyRootFilesystem=False),
    "seccomp switched off": secured(seccompProfile={"type": "Unconfined"}),
    "a seccomp profile of its own": secured(seccompProfile={"type": "Localhost", "localhostProfile": "web.json"}),
    "seccomp switched off for the Pod": careless_pod("web", securityContext={"seccompProfile": {"type": "Unconfined"}}),
    "root": secured(runAsUser=0),
    "root allowed": secured(runAsNonRoot=False),
    "root at the Pod, somebody at the container": pod(
        "web",
        {"name": "web", "image": "nginx:1.27", "securityContext": {"runAsUser": 7}},
        securityContext={"runAsUser": 0},
    ),
    "somebody": secured(runAsUser=4711),
    "empty security contexts": pod(
        "web", {"name": "web", "image": "nginx:1.27", "securityContext": {"capabilities": {}}}, securityContext={}
    ),
}
NAMESPACES = {
    "the node's processes": careless_pod("web", hostPID=True),
    "shared processes": careless_pod("web", shareProcessNamespace=True),
    "shared processes of several": pod(
        "web", container("one"), container("two"), shareProcessNamespace=True, hostIPC=True
    ),
    "the node's network": careless_pod("web", hostNetwork=True),
    "a user namespace": careless_pod("web", hostUsers=False),
    "root in a user namespace": careless_pod("web", hostUsers=False, securityContext={"runAsUser": 0}),
    "an unmasked /proc in a user namespace": secured(procMount="Unmasked"),
    "a user namespace and an emptyDir": mounting([{"name": "scratch", "emptyDir": {}}], *SCRATCH, hostUsers=False),
}
NAMESPACES["an unmasked /proc in a user namespace"]["spec"]["hostUsers"] = False
RESOURCES = {
    "the Pod's limits": careless_pod("web", resources={"limits": {"cpu": "1", "memory": "1Gi"}}),
    "the Pod's low limits": careless_pod("web", resources={"limits": {"cpu": "10m", "memory": "16Mi"}}),
    "the Pod's limit on CPU alone": careless_pod("web", resources={"limits": {"cpu": "10m"}}),
    "the Pod's limit on memory alone": careless_pod("web", resources={"limits": {"memory": "16Mi"}}),
    "the Pod's low requests": careless_pod("web", resources={"requests": {"cpu": "10m", "memory": "16Mi"}}),
    "the Pod's request of CPU alone": careless_pod("web", resources={"requests": {"cpu": "10m"}}),
    "the Pod's high requests": careless_pod("web", resources={"requests": {"cpu": "64", "memory": "1Ti"}}),
    "the Pod's resources, shared by three": careless_pod(
        "web",
        resources={"requests": {"memory": "300Mi"}, "limits": {"cpu": "2"}},
        initContainers=[sidecar("proxy"), container("setup", resources={"requests": {"memory": "200Mi"}})],
    ),
    "the Pod's zero": careless_pod("web", resources={"requests": {"cpu": "0", "memory": "1Gi"}}),
    "huge requests": sized(requests={"cpu": "1k", "memory": "8Ti", "ephemeral-storage": "9Ti"}),
    "huge limits": sized(limits={"cpu": "1k", "memory": "8Ei", "ephemeral-storage": "7Ei"}),
    "limits below the default requests": sized(limits={"cpu": "1m", "memory": "4Mi", "ephemeral-storage": "1Ki"}),
    "limits of one": sized(limits={"cpu": 1, "memory": 1, "ephemeral-storage": 1}),
    "limits of zero": sized(limits={"cpu": 0, "memory": 0, "ephemeral-storage": 0}),
    "a limit of zero on memory alone": sized(limits={"memory": "0"}),
    "a limit of zero on storage alone": sized(limits={"ephemeral-storage": "0"}),
    "requests of zero": sized(requests={"cpu": 0, "memory": 0, "ephemeral-storage": 0}),
    "odd spellings": sized(requests={"cpu": "0.05", "memory": "128974848000m"}, limits={"memory": "129e6"}),
    "exponents": sized(requests={"cpu": "1e-1", "memory": "1E3", "ephemeral-storage": "12E6"}),
    "huge pages": sized(
        requests={"memory": "64Mi"},
        limits={"hugepages-2Mi": "4Mi", "memory": "64Mi"},
        volumes=[{"name": "pages", "emptyDir": {"medium": "HugePages"}}],
    ),
    "a device": sized(limits={"nvidia.com/gpu": 1}),
    "a resource claim": sized(
        resourceClaims=[{"name": "gpu", "resourceClaimName": "gpu"}],
    ),
    "the Pod's limit of zero": careless_pod("web", resources={"limits": {"cpu": "1", "memory": "0"}}),
    "a restart for more memory": web(resizePolicy=[{"resourceName": "memory", "restartPolicy": "RestartContainer"}]),
}
RESOURCES["a resource claim"]["spec"]["containers"][0]["resources"] = {"claims": [{"name": "gpu"}]}
VOLUMES = {
    "the name is taken by settings": mounting([{"name": "seaworthy-tmp", "configMap": {"name": "settings"}}]),
    "both names are taken": mounting(
        [
            {"name": "seaworthy-tmp", "configMap": {"name": "a"}},
            {"name": "seaworthy-tmp-2", "secret": {"secretName": "b"}},
        ]
    ),
    "the name is taken by an emptyDir": mounting(
        [{"name": "seaworthy-tmp", "emptyDir": {}}], {"name": "seaworthy-tmp", "mountPath": "/cache"}
    ),
    "the name is taken by one in memory": mounting(
        [{"name": "seaworthy-tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "2Gi"}}],
        {"name": "seaworthy-tmp", "mountPath": "/cache"},
    ),
    "the second name is taken, and mounted": mounting(
        [{"name": "seaworthy-tmp", "configMap": {"name": "a"}}, {"name": "seaworthy-tmp-2", "emptyDir": {}}],
        {"name": "seaworthy-tmp-2", "mountPath": "/cache"},
    ),
    "/tmp holds settings": mounting(
        [{"name": "settings", "configMap": {"name": "settings"}}], {"name": "settings", "mountPath": "/tmp"}
    ),
    "/tmp in other words": mounting(
        [{"name": "scratch", "emptyDir": {}}], {"name": "scratch", "mountPath": "//tmp/./", "readOnly": True}
    ),
    "tmp": mounting([{"name": "scratch", "emptyDir": {}}], {"name": "scratch", "mountPath": "tmp"}),
    "below /tmp": mounting([{"name": "scratch", "emptyDir": {}}], {"name": "scratch", "mountPath": "/tmp/cache"}),
    "all of /": mounting([{"name": "scratch", "emptyDir": {}}], {"name": "scratch", "mountPath": "/"}),
    "/tmp is a device": web(volumeDevices=[{"name": "disk", "devicePath": "/tmp"}]),
    "/tmp is an init container's device": init(
        container("format", volumeDevices=[{"name": "disk", "devicePath": "/tmp"}])
    ),
    "/tmp is a part of a volume": mounting(
        [{"name": "scratch", "emptyDir": {}}], {"name": "scratch", "mountPath": "/tmp", "subPath": "a"}
    ),
    "emptyDirs of every kind": mounting(
        [
            {"name": "scratch", "emptyDir": {}},
            {"name": "memory", "emptyDir": {"medium": "Memory"}},
            {"name": "small", "emptyDir": {"sizeLimit": "1Mi"}},
            {"name": "large", "emptyDir": {"sizeLimit": "9Ti"}},
            {"name": "zero", "emptyDir": {"sizeLimit": "0"}},
        ],
        *SCRATCH,
    ),
    "an emptyDir that is larger than the limit on storage": sized(
        limits={"ephemeral-storage": "1Mi"}, volumes=[{"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}]
    ),
    "an image as a volume": mounting(
        [{"name": "site", "image": {"reference": "registry.example.com/site:1"}}], {"name": "site", "mountPath": "/tmp"}
    ),
    "a volume of no kind": mounting([{"name": "scratch"}], *SCRATCH),
    "a long name": pod("web", container("w" * 63)),
}
for name in ("/tmp is a device", "/tmp is an init container's device"):
    VOLUMES[name]["spec"]["volumes"] = [DISK]
INIT = {
    "a sidecar": init(sidecar("proxy")),
    "sidecars that ask for much, and init containers": init(
        sidecar("proxy", resources={"requests": {"memory": "1Gi", "cpu": "2"}}),
        container("setup", resources={"limits": {"memory": "8Mi"}}),
        sidecar("log", resources={"limits": {"cpu": "1m"}}),
    ),
    "a sidecar that is restarted by rules": init(
        container("setup", restartPolicy="Never", restartPolicyRules=[
            {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}]),
    ),
    "a sidecar with root's /tmp": init(
        sidecar("proxy", volumeMounts=[{"name": "scratch", "mountPath": "/tmp"}], securityContext={"runAsUser": 0}),
        volumes=[{"name": "scratch", "emptyDir": {"medium": "Memory"}}],
    ),
    "forty containers": pod("web", *(container(f"c{number}") for number in range(40))),
}  # fmt: skip
METADATA = {
    "volumes that the autoscaler may lose": annotated({EVICT_VOLUMES: "a,b"}),
    "volumes that the autoscaler may lose, ours too": annotated({EVICT_VOLUMES: "a,seaworthy-tmp"}),
    "no volume that the autoscaler may lose": annotated({EVICT_VOLUMES: ""}),
    "a Pod that the autoscaler leaves alone": annotated({EVICT: "false"}),
    "no annotations": annotated({}),
    "annotations that leave no room": annotated({"example.com/note": "x" * (256 * 1024 - len("example.com/note"))}),
    "AppArmor's annotation": annotated({"container.apparmor.security.beta.kubernetes.io/web": "runtime/default"}),
    "seccomp's annotation": annotated({"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}),
    "a token": careless_pod("web", automountServiceAccountToken=True),
    "good but for one thing": pod("web", GOOD_CONTAINER | {"securityContext": {}}),
    "a gate": careless_pod(
        "web", schedulingGates=[{"name": "example.com/wait"}], priorityClassName="system-node-critical"
    ),
}
PODS: dict[str, Object] = WINDOWS | PRIVILEGED | NAMESPACES | RESOURCES | VOLUMES | INIT | METADATA

REFUSED = {
    "Windows that is its host": ["no-host-namespaces", "no-host-process"],
    "privileged": ["no-privileged", "no-privilege-escalation"],
    "privileged, and escalating": ["no-privileged", "no-privilege-escalation"],
    "privileged init container": ["no-privileged", "no-privilege-escalation"],
    "CAP_SYS_ADMIN": ["drop-all-capabilities", "no-privilege-escalation"],
    "SYS_ADMIN": ["drop-all-capabilities"],
    "every capability": ["drop-all-capabilities"],
    "escalation asked for": ["no-privilege-escalation"],
    "a writable root asked for": ["read-only-root-filesystem"],
    "seccomp switched off": ["seccomp-runtime-default"],
    "seccomp switched off for the Pod": ["seccomp-runtime-default"],
    "root": ["run-as-non-root"],
    "root allowed": ["run-as-non-root"],
    "root at the Pod, somebody at the container": ["run-as-non-root"],
    "the node's processes": ["no-host-namespaces"],
    "shared processes of several": ["no-host-namespaces"],
    "the node's network": ["no-host-namespaces"],
    "an unmasked /proc in a user namespace": ["default-proc-mount"],
    "the Pod's zero": ["cpu-memory-requests"],
    "the Pod's limit of zero": ["cpu-memory-requests", "memory-limit"],
    "limits of zero": ["cpu-memory-requests", "memory-limit"],
    "a limit of zero on memory alone": ["cpu-memory-requests", "memory-limit"],
    "requests of zero": ["cpu-memory-requests"],
    "/tmp is a device": ["read-only-root-filesystem"],
    "/tmp is an init container's device": ["read-only-root-filesystem"],
    "a sidecar with root's /tmp": ["run-as-non-root"],
    "annotations that leave no room": ["read-only-root-filesystem"],
}
"""What is still denied of them when every remedy has been applied that the API server and the author allow."""

DEBUGGERS: dict[str, tuple[Object, Object]] = {
    "beside a good container": (careless_pod("web"), container("debugger")),
    "that looks into another": (careless_pod("web"), container("debugger", targetContainerName="web")),
    "that traces": (
        careless_pod("web"), container("debugger", securityContext={"capabilities": {"add": ["SYS_PTRACE"]}})),
    "that is privileged": (careless_pod("web"), container("debugger", securityContext={"privileged": True})),
    "with CAP_SYS_ADMIN": (
        careless_pod("web"), container("debugger", securityContext={"capabilities": {"add": ["CAP_SYS_ADMIN"]}})),
    "on Windows": (careless_pod("web", os={"name": "windows"}), container("debugger")),
    "in a user namespace": (careless_pod("web", hostUsers=False), container("debugger")),
    "in a Pod with limits": (careless_pod("web", resources={"limits": {"memory": "16Mi"}}), container("debugger")),
    "with a mount": (
        mounting([{"name": "scratch", "emptyDir": {}}], *SCRATCH), container("debugger", volumeMounts=SCRATCH)),
    "where processes are shared": (careless_pod("web", shareProcessNamespace=True), container("debugger")),
}  # fmt: skip
"""Pods from before anybody watched, and the debug container that they get."""
