/** How the run speaks of a balancer. */
export const balancerKey = (name: string): string => `load balancer ${name}`;
