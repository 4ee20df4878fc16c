// Which fields of a pool stand in the section of the autoscaler: those that decide how its number of replicas changes.
const FIELDS = /\.(autoscaling|minReplicas|maxReplicas|startupSeconds|loadGbytesPerS|scaleDownSeconds)\b/;

export const isScalingPath = (path: string): boolean => FIELDS.test(path);
