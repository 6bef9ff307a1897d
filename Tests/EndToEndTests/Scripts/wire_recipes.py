"""Valid input of RPCs that their fields alone don't tell, and of which people and the shop are the matter."""

from callers import usd
from wire_input import Input, recipe
from wire_world import PASSWORD


# Customers' log-in.

@recipe("auth.AuthService.SendRegistrationCode")
def _(world, _caller):
    return {"email": world.email(), "language": "en"}


@recipe("auth.AuthService.Register")
def _(world, _caller):
    email = world.email()
    return {"email": email, "code": world.code(email), "password": PASSWORD}


@recipe("auth.AuthService.LogIn")
def _(world, _caller):
    # Wrong passwords count against the address.
    return {"email": world.register().email, "password": PASSWORD}


@recipe("auth.AuthService.RefreshSession")
def _(world, _caller):
    return {"refresh_token": world.log_in(world.customer).tokens.refresh_token}


@recipe("auth.AuthService.LogOut")
def _(world, _caller):
    return Input({}, world.log_in(world.customer))


@recipe("auth.AuthService.EndSession")
def _(world, _caller):
    return {"id": world.session(world.log_in(world.customer))}


@recipe("auth.AuthService.EndOtherSessions")
def _(world, _caller):
    return Input({}, world.register())


@recipe("auth.AuthService.ChangePassword")
def _(world, _caller):
    return Input({"password": PASSWORD, "new_password": "battery horse correct"}, world.register())


@recipe("auth.AccountAdminService.BanAccount", "auth.AccountAdminService.UnbanAccount")
def _(world, _caller):
    return {"id": world.register().account}


@recipe("manage.AccountRecordService.EraseAccount")
def _(world, _caller):
    return {"account_id": world.register().account}


@recipe("mailer.MailerAdminService.SendTestMail")
def _(world, _caller):
    return {"to": world.email()}


# Operators.

@recipe("manage.AdminAuthService.RegisterAdmin")
def _(world, _caller):
    return {"invitation_token": world.invitation(), "name": "new"}


@recipe("manage.AdminAuthService.AdminLogin")
def _(world, _caller):
    return {"api_key": world.admin.api_key}


@recipe("manage.AdminService.InviteAdmin")
def _(_world, _caller):
    return Input({"role": "ROLE_SUPPORT_BOT"}, other={"role": "ROLE_MODERATOR"})


@recipe("manage.AdminService.ChangeAdminRole")
def _(world, _caller):
    return {"id": world.operator().id, "role": "ROLE_MODERATOR"}


@recipe("manage.AdminService.DisableAdmin", "manage.AdminService.EnableAdmin")
def _(world, _caller):
    return {"id": world.operator().id}


@recipe("manage.AdminService.CreateApiKey")
def _(world, _caller):
    return {"name": world.name("key"), "expire_time": "2100-01-01T00:00:00Z"}


@recipe("manage.AdminService.RotateApiKey", "manage.AdminService.RevokeApiKey")
def _(world, caller):
    # One's own.
    return {"id": world.api_key(caller)}


@recipe("manage.SettingsService.GetSettings", "manage.SettingsService.ListSettingsVersions")
def _(_world, _caller):
    return {"module": "shop"}


@recipe("manage.SettingsService.UpdateSettings")
def _(world, _caller):
    stored = world.admin.call("manage.SettingsService.GetSettings", {"module": "shop"})
    return {"module": "shop", "document": stored.document, "version": str(stored.version)}


# The shop.

@recipe("shop.ProductService.GetProduct")
def _(world, _caller):
    return {"id": world.product}


@recipe("shop.ProductAdminService.CreateProduct")
def _(world, _caller):
    return {"terms": world.terms()}


@recipe("shop.ProductAdminService.UpdateProduct")
def _(world, _caller):
    return {"id": world.new_product(), "terms": world.terms()}


@recipe("shop.ProductAdminService.ChangeProductStock")
def _(world, _caller):
    return {"id": world.new_product(stock=5), "add": 1}


@recipe("shop.GiftCardService.RedeemGiftCard")
def _(world, _caller):
    return {"code": world.gift_card()}


@recipe("shop.GiftCardAdminService.CreateGiftCards")
def _(_world, _caller):
    request = {"count": 1, "value": usd(100), "expire_time": "2100-01-01T00:00:00Z"}
    return Input(request, other=request | {"count": 2})


@recipe("shop.OrderService.CreateOrder")
def _(world, _caller):
    # Nobody may leave many unpaid.
    return Input({"product_id": world.product}, world.register(), {"product_id": world.new_product()})


@recipe("shop.OrderService.PayOrder")
def _(world, _caller):
    person = world.register()
    world.deposit(person)
    return Input({"id": world.new_order(person)}, person, {"id": world.new_order(person)})


@recipe("shop.OrderService.CancelOrder")
def _(world, _caller):
    person = world.register()
    return Input({"id": world.new_order(person)}, person)


@recipe("shop.OrderAdminService.CancelUnpaidOrder")
def _(world, _caller):
    return {"id": world.new_order(world.register())}


@recipe("shop.OrderService.GetOrder", "shop.OrderAdminService.InspectOrder")
def _(world, _caller):
    return {"id": world.order}


# What is no module's.

@recipe("grpc.reflection.v1.ServerReflection.ServerReflectionInfo", "grpc.reflection.v1alpha.ServerReflection.ServerReflectionInfo")
def _(_world, _caller):
    return {"list_services": "*"}
