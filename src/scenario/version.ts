// Written into the results of a run; a test holds it equal to package.json, which the simulation worker should not carry.
export const ENGINE_VERSION = "0.1.0";
