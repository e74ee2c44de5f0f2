"""Runs the three legs of OAuth 1.0a with a client of another project, one sign-in after another, and prints what came of each as JSON lines.

Input of each, one JSON line: library, url, api, method, placement, secret, rsa_key. Then, unless the response has an error, one line with
the verifier. It ends with its input.
"""

import json
import sys


def main():
    while line := sys.stdin.readline():
        try:
            run(json.loads(line))
        except Exception as error:
            print(json.dumps({"error": repr(error)}), flush=True)


def run(job):
    session = sessions[job["library"]](job)
    temporary = session.fetch_request_token(job["url"] + "/initiate")
    print(json.dumps({"oauth_token": temporary["oauth_token"]}), flush=True)
    verifier = sys.stdin.readline().strip()
    session.fetch_access_token(job["url"] + "/token", verifier=verifier)
    form = {"title": "Ä & b", "tag": ""}
    url = job["api"] + "?size=big%20one&x=1&x=0&file=%C3%A4"
    response = session.post(url, data=form)
    print(json.dumps({"status": response.status_code, "body": response.json()}), flush=True)


def authlib_session(job):
    from authlib.integrations.requests_client import OAuth1Session

    return OAuth1Session(
        "photos",
        job["secret"],
        redirect_uri="https://app.example/ready",
        rsa_key=job["rsa_key"],
        signature_method=job["method"],
        signature_type=job["placement"].upper(),
    )


def requests_oauthlib_session(job):
    from requests_oauthlib import OAuth1Session

    return OAuth1Session(
        "photos",
        client_secret=job["secret"],
        callback_uri="https://app.example/ready",
        rsa_key=job["rsa_key"],
        signature_method=job["method"],
        signature_type={"header": "AUTH_HEADER", "query": "QUERY", "body": "BODY"}[job["placement"]],
    )


sessions = {"authlib": authlib_session, "requests_oauthlib": requests_oauthlib_session}
main()
