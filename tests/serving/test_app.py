"""The application as a whole, and its OpenAPI document: genre.serving.app."""

from flask.testing import FlaskClient

from genre.serving.app import create_app
from genre.serving.views import ENDPOINTS, Service


def test_the_openapi_document_is_complete(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/", "/health", "/livez", "/readyz", "/info", "/classes", "/predict", "/predict_text",
        "/metrics",
    }  # fmt: skip
    predict = document["paths"]["/predict"]["post"]
    assert set(predict["responses"]) >= {"200", "400", "403", "413", "415", "421", "422", "503"}
    assert "application/problem+json" in predict["responses"]["415"]["content"]
    assert set(predict["requestBody"]["content"]) == {"multipart/form-data"}
    guarded = document["paths"]["/info"]["get"]["responses"]
    assert "401" not in guarded  # this one has no token
    assert set(document["paths"]["/readyz"]["get"]["responses"]) == {"200", "400", "421", "503"}
    page = document["paths"]["/"]["get"]["responses"]["200"]["content"]
    assert set(page) == {"text/html", "application/json"}
    assert page["application/json"]["schema"]["$ref"] in {
        f"#/components/schemas/{name}" for name in document["components"]["schemas"]
    }


def test_an_application_takes_its_limits_from_the_service(service: Service) -> None:
    app = create_app(service)
    assert app.config["MAX_CONTENT_LENGTH"] == 50 * 2**20
    assert app.docs_path is None  # the usual page loads scripts from elsewhere
    client = app.test_client()
    outline = client.get("/", headers={"Accept": "application/json"}).get_json()
    assert list(outline["endpoints"]) == list(ENDPOINTS)  # not sorted
    for path in ("/docs", "/static/index.html"):
        assert client.get(path).status_code == 404
