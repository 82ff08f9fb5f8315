"""Where a system gets its token: client credentials, proved by a JWT signed with its own key (RFC 7523)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from flask import Blueprint, Response, g, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from telemed import clock, database
from telemed.accounts.clients import TOKEN_LIFE, ApiClient, ClientStore
from telemed.accounts.scopes import within
from telemed.accounts.sessions import new_token
from telemed.accounts.store import AccountStore
from telemed.services import Services
from telemed.web.assertion_tries import TooOften, Tries

METHOD = "private_key_jwt"
GRANT = "client_credentials"
ALGORITHMS = ["ES256", "ES384", "RS384"]
LONGEST_ASSERTION = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
LONGEST_JTI = 255
# A system of many processes may hold one for each; ten minutes of them in all.
MOST_TOKENS = 200


def make_blueprint(services: Services) -> Blueprint:
    """Endpoint `oauth.token`."""
    blueprint = Blueprint("oauth", __name__, url_prefix="/oauth")
    server = TokenServer(f"{services.settings.public_origin.rstrip('/')}/oauth/token")
    key = services.settings.key("failures")

    @blueprint.post("/token")
    def token() -> Response:
        # What is refused is counted, and so committed as what is granted.
        with database.write(services.engine) as connection:
            g.clients = ClientStore(connection)
            g.tries = Tries(AccountStore(connection), key, request.remote_addr or "", clock.real_now())
            return server.answer(g.tries)

    return blueprint


class Asker(ClientMixin):  # type: ignore[misc]  # Authlib is not annotated
    """A registered system as Authlib asks about it."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client

    def get_client_id(self) -> str:
        """The client's id."""
        return self.client.id

    def get_allowed_scope(self, scope: str | None) -> str:
        """Those scopes asked for that the client has; all it has when it asks for none."""
        asked = (scope or "").split()
        return " ".join(within(asked, self.client.scopes) if asked else self.client.scopes)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Nothing but a signed assertion proves who asks."""
        return method == METHOD

    def check_grant_type(self, grant_type: str) -> bool:
        """Systems have no other grant."""
        return grant_type == GRANT


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]  # Authlib is not annotated
    """The signed proof: for this server, of this minute, used once."""

    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, audience: str) -> None:
        super().__init__(leeway=int(LEEWAY.total_seconds()))
        self._audience = audience

    def get_audiences(self) -> list[str]:
        """Only the address of the token endpoint."""
        return [self._audience]

    def resolve_client_public_key(self, client: Asker) -> KeySet:
        """The keys the client was registered with."""
        return KeySet.import_key_set(client.client.jwks)  # type: ignore[arg-type]  # a dict read from JSON

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> Any:
        """The claims of an assertion signed by one of these algorithms; nothing odd gets further."""
        try:
            claims = jwt.decode(assertion, resolve_key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise InvalidClientError(
                description="The assertion is not signed by a key of this client."
            ) from error
        _check_life(claims)
        self.verify_claims(claims)
        return claims

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """Whether this assertion is used for the first time."""
        clients: ClientStore = g.clients
        expires_at = datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
        return clients.use_assertion(claims["sub"], jti, expires_at)


class Grant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib is not annotated
    """Client credentials with nothing but a signed assertion."""

    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def validate_requested_scope(self) -> None:
        """A scope that the client does not have, in part or at all, is refused when none is left."""
        if not self.client.get_allowed_scope(self.request.payload.scope):
            raise InvalidScopeError


class TokenServer(AuthorizationServer):  # type: ignore[misc]  # Authlib is not annotated
    """Authlib's server over our store of clients."""

    def __init__(self, address: str) -> None:
        super().__init__()
        life = int(TOKEN_LIFE.total_seconds())
        self.load_config(
            {
                "OAUTH2_ACCESS_TOKEN_GENERATOR": lambda **_: new_token(),
                "OAUTH2_TOKEN_EXPIRES_IN": {GRANT: life},
            }
        )
        self.register_grant(Grant)
        self.register_client_auth_method(METHOD, Assertion(address))

    def answer(self, tries: Tries) -> Response:
        """A token, or why there is none; wrong assertions are counted."""
        try:
            tries.check_address()
        except TooOften as refusal:
            response = self.handle_response(*refusal())
        else:
            response = self.create_token_response()
        assert isinstance(response, Response)
        if (response.get_json() or {}).get("error") == InvalidClientError.error:
            tries.note_wrong()
        return response

    def query_client(self, client_id: str) -> Asker | None:
        """The registered system with this id."""
        clients: ClientStore = g.clients
        g.tries.check_name(client_id)
        client = clients.client(client_id) if len(client_id) <= 64 and "\0" not in client_id else None
        return Asker(client) if client else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Keep the token's hash; whoever asks for one each time it needs one is told to use them longer."""
        clients: ClientStore = g.clients
        client_id, now = request.client.get_client_id(), clock.real_now()
        if clients.living_tokens(client_id, now) >= MOST_TOKENS:
            raise TooOften("Use a token until it expires; this client has too many.", TOKEN_LIFE)
        clients.keep(token["access_token"], client_id, token["scope"].split(), now + TOKEN_LIFE)


def _check_life(claims: dict[str, Any]) -> None:
    """Refuse an assertion that would live long, or whose parts are not what they should be."""
    expires, jti = claims.get("exp"), claims.get("jti")
    with suppress(OverflowError, ValueError, OSError, TypeError):
        if isinstance(expires, int | float) and not isinstance(expires, bool):
            left = datetime.fromtimestamp(expires, UTC) - clock.real_now()
            if left > LONGEST_ASSERTION + LEEWAY:
                raise InvalidClientError(description="An assertion may live five minutes at most.")
            if isinstance(jti, str) and 0 < len(jti) <= LONGEST_JTI:
                return
    raise InvalidClientError(description="An assertion needs exp, and a jti of at most 255 characters.")
