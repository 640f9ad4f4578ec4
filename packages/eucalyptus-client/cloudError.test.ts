import { describe, expect, test } from "@jest/globals";
import { CloudError, isCloudError } from "./cloudError.ts";

describe("an error of the cloud", () => {
  test("a code with a leading blank is the same code", () => {
    const error = new CloudError({ code: " InvalidVpcID.NotFound", status: 400, message: "no", action: "CreateTags" });
    expect(isCloudError(error, "InvalidVpcID.NotFound")).toBe(true);
    expect(error.message).toBe("CreateTags: no (InvalidVpcID.NotFound, HTTP 400)");
  });

  test("names the call, the request and the service, and what to do", () => {
    const facts = { code: "InternalFailure", status: 500, message: "no", action: "CreateTags", requestId: "4f-1" };
    const { message } = new CloudError({ ...facts, url: "http://192.0.2.1/", next: "Ask." });
    expect(message).toBe("CreateTags: no (InternalFailure, HTTP 500, request 4f-1, http://192.0.2.1/). Ask.");
  });

  test("a status without a code is said once", () => {
    const error = new CloudError({ code: "HTTP 502", message: "no", status: 502, action: "HEAD x" });
    expect(error.message).toBe("HEAD x: no (HTTP 502)");
  });
});
