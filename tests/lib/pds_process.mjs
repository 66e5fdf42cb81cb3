// The real Bluesky PDS with a PLC directory in memory, in a process of its own; see lib/pds.mjs.
//   node pds_process.mjs FOLDER PDS_PORT PLC_PORT ADMIN_PASSWORD
// It prints one line when it listens, and ends with SIGTERM.
import { randomBytes } from "node:crypto";
import net from "node:net";
import path from "node:path";
import pdsPackage from "@atproto/pds";
import plcPackage from "@did-plc/server";

const [folder, pdsPort, plcPort, adminPassword] = process.argv.slice(2);

// Both would listen on every interface of the machine.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, { port: Number(port), host: "127.0.0.1" }, ...rest);
};

const plc = plcPackage.PlcServer.create({
  db: plcPackage.Database.mock(),
  port: Number(plcPort),
});
await plc.start();

const settings = {
  devMode: true,
  port: Number(pdsPort),
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, "blobs"),
  didPlcUrl: `http://localhost:${plcPort}`,
  serviceHandleDomains: [".test"],
  inviteRequired: false,
  disableSsrfProtection: true,
  serviceName: "PDS",
  adminPassword,
  jwtSecret: randomBytes(16).toString("hex"),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString("hex"),
};
const { PDS, envToCfg, envToSecrets } = pdsPackage;
const pds = await PDS.create(envToCfg(settings), envToSecrets(settings));
await pds.start();
console.log("listening");
