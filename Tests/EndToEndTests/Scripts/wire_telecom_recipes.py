"""Valid input of RPCs that their fields alone don't tell, and of which nodes and subscriptions are the matter."""

from wire_input import Input, recipe
from wire_world import PROTOCOLS


# Nodes.

@recipe("telecom.NodeAdminService.CreateNodeServer")
def _(world, _caller):
    kinds = {
        ("spec", "settings", protocol): {"spec": world.server_spec(protocol)}
        for protocol in PROTOCOLS if protocol != "vless"
    }
    return Input({"spec": world.server_spec()}, kinds=kinds)


@recipe("telecom.NodeAdminService.UpdateNodeServer")
def _(world, _caller):
    return {"id": world.new_node_server()[0], "spec": world.server_spec()}


@recipe("telecom.NodeAdminService.GetNodeServer")
def _(world, _caller):
    return {"id": world.server}


@recipe(
    "telecom.NodeAdminService.SetNodeServerMaintenance", "telecom.NodeAdminService.DeleteNodeServer",
    "telecom.NodeAdminService.RotateNodeServerToken")
def _(world, _caller):
    return {"id": world.new_node_server()[0]}


@recipe("telecom.NodeAdminService.GetNodeSnippet")
def _(world, _caller):
    return {"server_id": world.server, "program": "NODE_AGENT_PROGRAM_V2BX"}


@recipe("telecom.NodeAdminService.CreateNodeClient")
def _(world, _caller):
    return {"spec": world.node_client_spec()}


@recipe("telecom.NodeAdminService.UpdateNodeClient")
def _(world, _caller):
    return {"id": world.new_node_client(), "spec": world.node_client_spec()}


@recipe("telecom.NodeAdminService.SetNodeClientMaintenance", "telecom.NodeAdminService.DeleteNodeClient")
def _(world, _caller):
    return {"id": world.new_node_client()}


# Packages and subscriptions.

@recipe("telecom.PackageAdminService.CreatePackageSeries")
def _(world, _caller):
    return {"spec": world.package_spec()}


@recipe("telecom.PackageAdminService.CreatePackageVersion")
def _(world, _caller):
    return {"series_id": world.package_series(world.package_spec()), "spec": world.package_spec()}


@recipe("telecom.SubscriptionAdminService.GrantPackage")
def _(world, _caller):
    request = {"account_id": world.customer.account, "series_id": world.series, "reason": "to try"}
    return Input(request, other=request | {"reason": "to try again"})


@recipe("telecom.SubscriptionAdminService.AdjustQuota")
def _(world, _caller):
    return {"item_id": world.grant(world.customer, world.series), "delta_bytes": "1", "reason": "to try"}


@recipe("telecom.SubscriptionAdminService.ExtendPackage")
def _(world, _caller):
    request = {"item_id": world.active_item(), "seconds": "1", "reason": "to try"}
    return Input(request, other=request | {"seconds": "2"})


@recipe("telecom.SubscriptionAdminService.CancelPackage")
def _(world, _caller):
    return {"item_id": world.grant(world.customer, world.series), "reason": "to try"}


@recipe("telecom.SubscriptionAdminService.PreviewProfile")
def _(_world, _caller):
    return {"format": "mihomo"}


@recipe("telecom.SubscriptionService.RemoveDevice")
def _(world, _caller):
    person, subscription, hwid = world.device()
    return Input({"subscription_id": subscription, "hwid": hwid}, person)


@recipe("telecom.SubscriptionAdminService.RemoveSubscriptionDevice")
def _(world, _caller):
    _, subscription, hwid = world.device()
    return {"subscription_id": subscription, "hwid": hwid}


@recipe("telecom.SubscriptionService.CreateSubscription")
def _(world, _caller):
    world.wait_for_settings()
    return {}


@recipe("telecom.SubscriptionService.StartNextPackage")
def _(world, _caller):
    person, subscription = world.exhausted()
    return Input({"subscription_id": subscription}, person)
