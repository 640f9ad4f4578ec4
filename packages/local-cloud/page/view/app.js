import { showAddresses } from "./addresses.js";
import { showBalancers } from "./balancers.js";
import { showBuckets } from "./buckets.js";
import { openConsole } from "./console.js";
import { chip, element } from "./dom.js";
import { showFaults } from "./faults.js";
import { showGroups } from "./groups.js";
import { showMachines } from "./machines.js";
import { addRequests } from "./requests.js";
import { listen } from "./stream.js";

// The token stays behind the # of the address and in this module: in no storage, which objects of a bucket could read.
const token = location.hash.slice(1);
const connection = document.querySelector("#connection");
let cloud;

const on = {
  introduction(introduction) {
    cloud = introduction;
    const { name, mode, version, driver, endpoint } = cloud;
    document.title = `${name} · local cloud`;
    document.querySelector("#name").textContent = name;
    const texts = [
      mode === "vpc" ? "VPC" : "EDGE",
      version && `Eucalyptus ${version}`,
      endpoint.replace("http://", ""),
    ];
    if (driver === "none") texts.push("machines in word only");
    const items = texts.filter(Boolean).map((text) => element("li", {}, chip(text)));
    document.querySelector("#facts").replaceChildren(...items);
  },
  picture({ machines, addresses, groups, balancers, scalingGroups, buckets, faults }) {
    showAddresses(addresses, machines);
    showMachines(machines, (id) => openConsole(id, token));
    showFaults({ faults, machines, kinds: cloud.kinds, token });
    showBuckets(buckets, cloud, token);
    showGroups(groups);
    showBalancers(balancers, scalingGroups, machines);
  },
  requests: addRequests,
  open: () => say("live", true),
  lost: () => say("the cloud does not answer, trying again", false),
  refused(what) {
    say("not connected", false);
    const notice = document.querySelector("#notice");
    notice.textContent = `This page shows nothing without its key: ${what}.`;
    notice.hidden = false;
  },
};

function say(text, isLive) {
  connection.textContent = text;
  connection.classList.toggle("live", isLive);
}

addEventListener("hashchange", () => location.reload());
if (token === "") on.refused("open it by the link that `npx planet cloud status` prints");
else await listen("/page/events", token, new AbortController().signal, on);
